from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import ApiToken, AuditEvent
from core.tokens import (
    AlreadyRevoked,
    NotANetwork,
    UnknownScope,
    find_token,
    issue_token,
    note_use,
    revoke_token,
)

pytestmark = pytest.mark.django_db


def issue(**changes):
    return issue_token(
        **{"name": "Bridge", "client": "bridge", "scopes": ["orders:read"]} | changes
    )


def test_a_token_is_found_by_its_text():
    token, text = issue()

    assert find_token(text, "203.0.113.9") == token


def test_the_secret_is_stored_nowhere():
    token, text = issue()
    secret = text.rpartition("_")[2]

    stored = str(ApiToken.objects.filter(pk=token.pk).values()) + str(AuditEvent.objects.values())
    assert secret not in stored


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + "x", lambda t: t.upper(), lambda t: "", str.lower]
)
def test_another_text_finds_nothing(spoil):
    _token, text = issue()
    spoiled = spoil(text)

    assert spoiled == text or find_token(spoiled, "203.0.113.9") is None


def test_an_expired_token_finds_nothing():
    _token, text = issue(expires_at=timezone.now() - timedelta(seconds=1))

    assert find_token(text, "203.0.113.9") is None


def test_a_revoked_token_finds_nothing_and_is_revoked_once():
    token, text = issue()
    revoke_token(token)

    assert find_token(text, "203.0.113.9") is None
    with pytest.raises(AlreadyRevoked):
        revoke_token(token)


@pytest.mark.parametrize(
    ("address", "allowed"), [("203.0.113.9", True), ("198.51.100.1", False), ("nonsense", False)]
)
def test_a_token_bound_to_networks_works_only_there(address, allowed):
    _token, text = issue(allowed_networks=["203.0.113.0/24"])

    assert (find_token(text, address) is not None) is allowed


def test_an_unknown_scope_is_named_and_nothing_is_made():
    with pytest.raises(UnknownScope, match="orders:everything"):
        issue(scopes=["orders:everything"])

    assert not ApiToken.objects.exists()


def test_a_network_that_is_none_is_named():
    with pytest.raises(NotANetwork, match="Reno"):
        issue(allowed_networks=["Reno"])


def test_last_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    token, _text = issue()
    note_use(token)
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    note_use(token)

    assert ApiToken.objects.get(pk=token.pk).last_used_at == first
