import pytest
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


def test_the_front_door_leads_to_the_admin(client):
    assert client.get("/", follow=True).redirect_chain[0][0] == "/admin/"


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get("/admin/", follow=True)

    assert response.status_code == 200
    assert "Crossdock" in response.text
    assert 'name="password"' in response.text


def test_pages_carry_the_content_policy_that_the_theme_was_measured_with(client):
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" not in policy


def test_every_answer_names_its_correlation_id(client):
    assert client.get("/healthz").headers["X-Correlation-ID"]


def test_a_callers_correlation_id_is_kept_when_it_is_harmless(client):
    kept = client.get("/healthz", headers={"X-Correlation-ID": "order-bridge-0042"})
    replaced = client.get("/healthz", headers={"X-Correlation-ID": "a\tb<script>"})

    assert kept.headers["X-Correlation-ID"] == "order-bridge-0042"
    assert "<" not in replaced.headers["X-Correlation-ID"]


def test_pages_are_compressed(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))

    page = client.get("/admin/", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"


def test_the_sidebar_shows_only_what_a_person_may_see(client):
    client.force_login(User.objects.create_user("looker", is_staff=True))

    assert "API tokens" not in client.get("/admin/").text


def test_ten_wrong_passwords_lock_the_door(client, settings):
    settings.AXES_ENABLED = True
    User.objects.create_superuser("boss", password="right")
    wrong = {"username": "boss", "password": "wrong"}
    statuses = [client.post("/admin/login/", wrong).status_code for _ in range(11)]

    assert statuses[0] == 200
    assert statuses[-1] == 429
    right = client.post("/admin/login/", {"username": "boss", "password": "right"})
    assert right.status_code == 429


def test_an_empty_list_says_so_and_offers_what_the_person_may_do(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))

    nothing = client.get("/admin/integrations/driftfinding/").text
    nothing_found = client.get("/admin/integrations/driftfinding/?q=XD-9").text

    assert "No drift findings here now." in nothing
    assert "No drift findings match what you asked for." in nothing_found
    assert "Add drift finding" not in nothing
