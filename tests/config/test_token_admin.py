import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from core.models import ApiToken
from core.tokens import find_token

pytestmark = pytest.mark.django_db
ADD = "/admin/core/apitoken/add/"
GOOD = {"name": "Bridge", "client": "bridge", "scopes": ["stock:read"], "allowed_networks": ""}


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def test_a_new_token_is_shown_once_and_works(boss):
    response = boss.post(ADD, GOOD)

    text = re.search(r"cdk_[0-9a-f]{12}_[\w-]+", response.text).group()
    token = ApiToken.objects.get()
    assert find_token(text, "203.0.113.9") == token
    assert "no-store" in response.headers["Cache-Control"]
    assert token.created_by.username == "boss"


def test_the_secret_is_on_no_later_page(boss):
    secret = re.search(r"cdk_[0-9a-f]{12}_([\w-]+)", boss.post(ADD, GOOD).text).group(1)
    token = ApiToken.objects.get()

    change = reverse("admin:core_apitoken_change", args=[token.pk])
    for page in (change, "/admin/core/apitoken/", "/admin/core/auditevent/"):
        assert secret not in boss.get(page).text


def test_a_network_that_is_none_is_named_beside_the_field(boss):
    response = boss.post(ADD, GOOD | {"allowed_networks": "Reno"})

    assert "“Reno” is not a network" in response.text
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_button(boss):
    boss.post(ADD, GOOD)
    token = ApiToken.objects.get()

    boss.post(reverse("admin:core_apitoken_revoke", args=[token.pk]))

    token.refresh_from_db()
    assert not token.is_live
