"""What each failure means, and whether it leaves a doubt: the same for every platform."""

import json

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from integrations.platforms.errors import (
    BadCredentials,
    PaymentNeeded,
    RateLimited,
    Redirected,
    Refused,
    Unavailable,
    Unintelligible,
)
from tests.integrations.contract_case import CUT, HTML, OUTAGES, PlatformCase

UNREADABLE = {
    "a list": "[]",
    "an empty object": "{}",
    "null": "null",
    "text": '"fine"',
    "a number": "17",
    "HTML": HTML,
    "nothing": "",
    "half of it": '{"id": 41001, "number": "OPS-7F',
    "not a number": '{"id": NaN}',
    "absurd nesting": "[" * 20_000,
    "an absurd number": '{"id": 1e99999999999999999999}',
    "bytes": "\udcff\udcfe",
}

REFUSED_CONNECTION = requests.ConnectionError(NewConnectionError(None, "Connection refused"))


class FailureContract(PlatformCase):
    def test_a_refusal_keeps_the_platforms_reason(self):
        error = self.create_fails(**self.refusal("SKU MUG-BLU is not for sale"))

        assert type(error) is Refused
        assert "SKU MUG-BLU is not for sale" in str(error)
        assert not error.is_retryable
        assert not error.is_ambiguous

    @pytest.mark.parametrize("status", OUTAGES)
    def test_an_outage_while_creating_leaves_doubt(self, status):
        error = self.create_fails(status=status, body=HTML)

        assert isinstance(error, Unavailable)
        assert error.is_retryable
        assert error.is_ambiguous
        assert error.status == status
        assert "look it up" in str(error)

    @pytest.mark.parametrize("status", OUTAGES)
    def test_an_outage_while_looking_leaves_no_doubt(self, status):
        error = self.lookup_fails(status=status, body="")

        assert isinstance(error, Unavailable)
        assert error.is_retryable
        assert not error.is_ambiguous

    def test_being_too_fast_is_no_doubt(self):
        error = self.create_fails(status=429, body="")

        assert type(error) is RateLimited
        assert error.is_retryable
        assert not error.is_ambiguous
        assert error.retry_after is None

    def test_the_wait_the_platform_asks_for_is_carried(self):
        error = self.create_fails(status=429, body="", headers={"Retry-After": "17"})

        assert error.retry_after == 17.0
        assert "17 s" in str(error)

    @pytest.mark.parametrize("status", [401, 403])
    def test_wrong_credentials_are_named_as_such(self, status):
        error = self.create_fails(**self.refusal("no access") | {"status": status})

        assert type(error) is BadCredentials
        assert not error.is_retryable
        assert not error.is_ambiguous
        assert "no access" in str(error)

    @pytest.mark.parametrize("status", [401, 403])
    def test_wrong_credentials_while_looking_are_named_as_such(self, status):
        error = self.lookup_fails(**self.refusal("no access") | {"status": status})

        assert type(error) is BadCredentials
        assert not error.is_retryable

    def test_an_empty_account_is_named_as_such(self):
        error = self.create_fails(**self.refusal("no credit left") | {"status": 402})

        assert type(error) is PaymentNeeded
        assert "no credit left" in str(error)

    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
    def test_an_unreadable_answer_to_a_creation_leaves_doubt(self, body):
        error = self.create_fails(status=200, body=body.encode("utf-8", "surrogateescape"))

        assert isinstance(error, Unintelligible)
        assert error.is_ambiguous
        assert "look it up" in str(error)

    @pytest.mark.parametrize(
        "body", ['"fine"', "{}", "null", HTML, "", "[17]", '{"shipments":[1]}']
    )
    def test_an_unreadable_look_up_is_never_taken_for_nothing_there(self, body):
        error = self.lookup_fails(status=200, body=body)

        assert isinstance(error, Unintelligible)
        assert not error.is_ambiguous

    @pytest.mark.parametrize("body", [HTML, '{"id": 41', "", "["])
    def test_half_an_answer_is_worth_another_look(self, body):
        assert self.lookup_fails(status=200, body=body).is_retryable is bool(body)

    def test_a_whole_answer_of_another_shape_is_not(self):
        assert not self.lookup_fails(status=200, body='"fine"').is_retryable

    def test_a_lost_response_leaves_doubt_and_the_next_look_up_settles_it(self):
        error = self.create_fails(body=CUT)
        assert isinstance(error, Unavailable)
        assert error.is_ambiguous

        self.server.reset()
        self.stage_lookup(self.remote(self.remote_id))
        assert self.platform.create(self.order).remote_id == self.remote_id
        assert len(self.writes()) == 1

    @pytest.mark.parametrize(
        ("failure", "leaves_doubt"),
        [
            (requests.ConnectTimeout("slow"), False),
            (REFUSED_CONNECTION, False),
            (requests.ReadTimeout("slow"), True),
            (requests.exceptions.ChunkedEncodingError("cut"), True),
            (requests.exceptions.ContentDecodingError("damaged"), True),
            (requests.exceptions.SSLError("cut"), True),
        ],
        ids=["no connection", "refused", "no answer", "half", "damaged", "TLS"],
    )
    def test_doubt_depends_on_whether_the_request_can_have_arrived(self, failure, leaves_doubt):
        error = self.create_fails(body=failure)

        assert error.is_ambiguous is leaves_doubt

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_refused_and_the_key_goes_nowhere_else(self, status):
        elsewhere = {"Location": "https://elsewhere.example/take-the-key"}
        error = self.create_fails(status=status, body="", headers=elsewhere)

        assert type(error) is Redirected
        assert error.is_ambiguous
        assert not any("elsewhere" in call.request.url for call in self.server.calls)

    def test_an_oversized_answer_is_not_swallowed(self, monkeypatch):
        monkeypatch.setattr("integrations.platforms.http.LARGEST_ANSWER", 50_000)
        error = self.create_fails(status=200, body=json.dumps(["x" * 1000] * 100))

        assert isinstance(error, Unintelligible)
        assert error.is_ambiguous
        assert "larger" in str(error)

    def test_errors_name_the_platform(self):
        name = type(self.platform).__name__

        assert str(self.create_fails(status=500, body="")).startswith(name)
        assert str(self.lookup_fails(status=401, body="")).startswith(name)
