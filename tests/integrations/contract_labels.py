"""Labels, cancelling and probing: the same for every platform."""

import re
from decimal import Decimal

import pytest
import responses

from integrations.platforms.errors import (
    BadCredentials,
    PaymentNeeded,
    PlatformError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.platforms.remote import LabelState
from tests.integrations.contract_case import CUT, HTML, OUTAGES, PlatformCase, approve
from tests.integrations.samples import PDF


class LabelContract(PlatformCase):
    def test_a_bought_label_says_what_it_cost(self):
        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()
        self.stage_purchase()

        label = self.platform.buy_label(self.order, self.remote_id, approve)

        assert label.state is LabelState.READY
        assert label.tracking_number == "1Z999AA10123456784"
        assert (label.cost, label.currency) == (Decimal("11.8"), "USD")
        assert label.carrier == "ups"

    def test_a_label_already_bought_is_returned_and_not_bought_again(self):
        self.stage_remote(self.remote(self.remote_id, label="ready"))

        label = self.platform.buy_label(self.order, self.remote_id, approve)

        assert label.state is LabelState.READY
        assert self.writes() == []

    def test_the_price_is_shown_before_money_is_spent_and_can_stop_it(self):
        class TooDear(Exception):
            pass

        def refuse(quote):
            assert quote.total > 11
            assert quote.service_remote_id == self.order.service.remote_id
            raise TooDear

        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()

        with pytest.raises(TooDear):
            self.platform.buy_label(self.order, self.remote_id, refuse)
        assert self.writes() == []

    def purchase_fails(self, **answer) -> PlatformError:
        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()
        self.stage_purchase(**answer)
        with pytest.raises(PlatformError) as caught:
            self.platform.buy_label(self.order, self.remote_id, approve)
        return caught.value

    @pytest.mark.parametrize(
        "answer", [{"body": CUT}, *({"status": 200, "body": body} for body in ("{}", HTML, "["))]
    )
    def test_a_purchase_without_a_clear_answer_leaves_doubt(self, answer):
        assert self.purchase_fails(**answer).is_ambiguous

    @pytest.mark.parametrize("status", OUTAGES)
    def test_an_outage_while_buying_leaves_doubt(self, status):
        error = self.purchase_fails(status=status, body=HTML)

        assert isinstance(error, Unavailable)
        assert error.is_retryable
        assert error.is_ambiguous

    def test_being_too_fast_while_buying_leaves_no_doubt(self):
        error = self.purchase_fails(status=429, body="")

        assert type(error) is RateLimited
        assert not error.is_ambiguous

    def test_wrong_credentials_while_buying_are_named_as_such(self):
        error = self.purchase_fails(**self.refusal("no access") | {"status": 401})

        assert type(error) is BadCredentials
        assert not error.is_ambiguous

    def test_a_lost_response_to_a_purchase_is_settled_by_looking_and_not_by_buying_again(self):
        assert self.purchase_fails(body=CUT).is_ambiguous

        self.server.reset()
        self.stage_remote(self.remote(self.remote_id, label="ready"))
        self.calls.clear()
        label = self.platform.buy_label(self.order, self.remote_id, approve)

        assert label.state is LabelState.READY
        assert self.writes() == []

    def test_a_refused_purchase_keeps_the_platforms_reason(self):
        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()
        self.stage_purchase(**self.refusal("the carrier account is closed"))

        with pytest.raises(Refused, match="the carrier account is closed") as caught:
            self.platform.buy_label(self.order, self.remote_id, approve)
        assert not caught.value.is_ambiguous

    def test_a_purchase_without_credit_says_so(self):
        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()
        self.stage_purchase(**self.refusal("not enough balance") | {"status": 402})

        with pytest.raises(PaymentNeeded, match="not enough balance"):
            self.platform.buy_label(self.order, self.remote_id, approve)

    def test_a_service_that_is_not_offered_is_refused_with_the_reason(self):
        self.stage_remote(self.remote(self.remote_id))
        self.stage_no_price("Too heavy for this service")

        with pytest.raises(Refused, match="Too heavy for this service"):
            self.platform.buy_label(self.order, self.remote_id, approve)
        assert self.writes() == []

    def test_the_label_comes_back_as_a_document(self):
        self.stage_remote(self.remote(self.remote_id, label="ready"))
        self.stage_label_file(body=PDF)

        label = self.platform.fetch_label(self.remote_id)

        assert [(d.category, d.media_type, d.content) for d in label.documents] == [
            ("label", "application/pdf", PDF)
        ]

    def test_an_order_without_a_label_has_no_documents(self):
        self.stage_remote(self.remote(self.remote_id))

        label = self.platform.fetch_label(self.remote_id)

        assert label.state is LabelState.NONE
        assert label.documents == ()

    def test_no_picture_of_a_label_is_kept_in_the_request_log(self):
        self.stage_remote(self.remote(self.remote_id, label="ready"))
        self.stage_label_file(body=PDF)
        self.platform.fetch_label(self.remote_id)

        assert not any(
            "%PDF" in r.response_excerpt or "JVBER" in r.response_excerpt for r in self.records
        )

    def test_sending_takes_as_many_calls_as_it_says(self):
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id))
        self.stage_remote(self.remote(self.remote_id))
        self.stage_prices()
        self.stage_purchase()
        self.stage_label_file(body=PDF)
        self.platform.create(self.order)
        self.calls.clear()  # what is asked for once and kept is not counted

        self.platform.create(self.order)
        self.platform.prepare(self.order, self.remote_id)
        self.platform.buy_label(self.order, self.remote_id, approve)
        self.server.remove("GET", re.compile(rf".*/{self.remote_id}$"))
        self.stage_remote(self.remote(self.remote_id, label="ready"))
        self.platform.fetch_label(self.remote_id)

        assert len(self.calls) + self.calls_to_shape == self.platform.calls_to_send

    def test_cancelling_takes_as_many_calls_as_it_says(self):
        self.stage_cancelled(self.remote(self.remote_id))
        self.platform.cancel(self.remote_id, "Customer asked")

        assert len(self.calls) + self.calls_to_void == self.platform.calls_to_cancel

    def test_a_cancelled_order_is_cancelled_there(self):
        self.stage_cancelled(self.remote(self.remote_id))

        assert self.platform.cancel(self.remote_id, "Customer asked").is_cancelled
        assert self.writes()

    def test_an_order_already_cancelled_there_is_no_error(self):
        self.stage_remote(self.remote(self.remote_id, cancelled=True))

        assert self.platform.cancel(self.remote_id, "Customer asked").is_cancelled
        assert self.writes() == []

    def test_a_parcel_on_its_way_cannot_be_cancelled(self):
        self.stage_remote(self.remote(self.remote_id, label="on its way"))

        with pytest.raises(Refused, match="on its way"):
            self.platform.cancel(self.remote_id, "Customer asked")
        assert self.writes() == []

    def test_more_parcels_than_one_call_can_name_are_not_tracked_in_part(self):
        with pytest.raises(ValueError, match="at most"):
            self.platform.track(["1"] * (self.platform.tracks_at_once + 1))
        assert not self.server.calls

    def test_a_probe_never_raises_and_stops_at_a_wrong_key(self):
        self.server.add(responses.GET, self.anything, status=401, body="")

        probe = self.platform.probe()

        assert not probe.works
        assert "key" in probe.checks[0].words
        assert {check.words for check in probe.checks[1:]} == {"Not tried."}
        assert len(self.server.calls) == 1
