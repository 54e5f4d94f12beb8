"""What the hooks see, and what nobody may see: the same for every platform."""

import pytest
import requests

from integrations.platforms.calls import Hooks
from integrations.platforms.errors import (
    OutOfBudget,
)
from tests.integrations.contract_case import PlatformCase
from tests.integrations.samples import KEY, RECIPIENT, REFERENCE


class RecordContract(PlatformCase):
    def test_every_call_is_announced_and_recorded_once(self):
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id))
        self.platform.create(self.order)

        assert [record.call for record in self.records] == self.calls
        assert {record.outcome for record in self.records} == {"ok"}
        assert [call.path.endswith(self.create_path) for call in self.writes()] == [True]
        assert len(self.server.calls) == len(self.calls)

    def test_a_failed_call_is_recorded_with_its_outcome(self):
        self.create_fails(status=503, body="")

        assert self.records[-1].outcome == "unavailable"
        assert self.records[-1].status == 503

    def test_a_call_without_an_answer_is_recorded_without_a_status(self):
        self.create_fails(body=requests.ReadTimeout("slow"))

        assert self.records[-1].status is None
        assert self.records[-1].outcome == "unavailable"

    def test_a_call_held_back_is_never_made(self):
        def hold(_call):
            raise OutOfBudget(retry_after=2.0)

        platform = self.connected(Hooks(before_call=hold, observe=self.records.append))

        with pytest.raises(OutOfBudget, match="2 s"):
            platform.create(self.order)
        assert not self.server.calls
        assert self.records == []

    def test_what_a_hook_of_ours_raises_stops_the_write_and_is_passed_on(self):
        class LeaseLost(Exception):
            pass

        def fence(call):
            if call.writes:
                raise LeaseLost

        platform = self.connected(Hooks(before_call=fence))
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id))

        with pytest.raises(LeaseLost):
            platform.create(self.order)
        assert not any(
            call.request.url.endswith(self.create_path)
            for call in self.server.calls
            if call.request.method == "POST"
        )

    def test_nothing_personal_and_no_key_is_recorded(self):
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id))
        self.platform.create(self.order)

        kept = "".join(r.request_excerpt + r.response_excerpt + r.call.path for r in self.records)
        assert REFERENCE.text in kept
        assert [canary for canary in self.canaries() if canary in kept] == []

    def test_an_error_that_quotes_our_customer_or_our_key_is_masked(self):
        quoted = f"cannot ship to {RECIPIENT.name}, {RECIPIENT.line_1}, {RECIPIENT.email} ({KEY})"
        error = self.create_fails(**self.refusal(quoted))

        shown = str(error) + repr(error) + self.records[-1].response_excerpt
        assert "cannot ship to" in shown
        assert [canary for canary in self.canaries() if canary in shown] == []

    def test_the_key_is_in_no_repr(self):
        shown = repr(self.platform) + repr(self.platform.api) + repr(vars(self.platform))

        assert KEY not in shown

    def canaries(self):
        return [KEY, RECIPIENT.email, RECIPIENT.phone, RECIPIENT.line_1, "Byrne", RECIPIENT.company]

    def test_the_user_agent_is_real(self):
        self.stage_lookup()
        self.platform.find_by_reference(REFERENCE)

        assert self.server.calls[0].request.headers["User-Agent"] == "Crossdock/9.9"
