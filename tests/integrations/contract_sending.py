"""Creating, looking up, fetching and preparing: the same for every platform."""

from datetime import UTC, datetime

import pytest

from integrations.platforms.errors import (
    NotFound,
    PlatformError,
    Refused,
    SeveralMatches,
)
from integrations.platforms.remote import RemoteState
from tests.integrations.contract_case import PlatformCase
from tests.integrations.samples import RECIPIENT, REFERENCE


class SendingContract(PlatformCase):
    def test_a_created_order_has_the_platforms_id_and_our_reference(self):
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id))

        created = self.platform.create(self.order)

        assert (created.remote_id, created.reference) == (self.remote_id, REFERENCE.text)
        assert not created.is_cancelled

    def test_an_order_already_there_is_returned_and_not_created_again(self):
        self.stage_lookup(self.remote(self.remote_id))

        assert self.platform.create(self.order).remote_id == self.remote_id
        assert self.writes() == []

    def test_an_order_cancelled_there_is_returned_as_cancelled_and_not_created_again(self):
        self.stage_lookup(self.remote(self.remote_id, cancelled=True))

        assert self.platform.create(self.order).state is RemoteState.CANCELLED
        assert self.writes() == []

    def test_a_similar_reference_is_not_ours(self):
        self.stage_lookup(self.remote(self.another_id, number=f"{REFERENCE}1"))
        self.stage_create(self.remote(self.remote_id))

        assert self.platform.create(self.order).remote_id == self.remote_id

    def test_two_live_orders_of_one_reference_are_left_to_a_person(self):
        self.stage_lookup(self.remote(self.remote_id), self.remote(self.another_id))

        with pytest.raises(SeveralMatches, match=self.another_id) as caught:
            self.platform.create(self.order)
        assert not caught.value.is_retryable
        assert self.writes() == []

    def test_of_a_live_and_a_cancelled_order_the_live_one_is_ours(self):
        self.stage_lookup(self.remote(self.another_id, cancelled=True), self.remote(self.remote_id))

        assert self.platform.create(self.order).remote_id == self.remote_id

    def test_an_order_that_comes_back_cancelled_says_so(self):
        self.stage_lookup()
        self.stage_create(self.remote(self.remote_id, cancelled=True))

        assert self.platform.create(self.order).is_cancelled

    def test_a_look_up_answers_with_every_order_of_the_reference(self):
        self.stage_lookup(self.remote(self.remote_id), self.remote(self.another_id, cancelled=True))

        found = self.platform.find_by_reference(REFERENCE)

        assert {order.remote_id for order in found} == {self.remote_id, self.another_id}

    def test_a_fetched_order_is_in_our_words(self):
        self.stage_remote(self.remote(self.remote_id))

        found = self.platform.fetch(self.remote_id)

        assert found.state is RemoteState.OPEN
        assert found.recipient == RECIPIENT
        assert found.created_at == datetime(2026, 9, 14, 8, 21, 7, tzinfo=UTC)
        assert found.updated_at > found.created_at
        assert found.currency == "USD"
        assert [(line.sku, line.quantity) for line in found.lines] == [("MUG-BLU", 2)]
        assert found.label is None

    def test_an_order_unknown_there_is_not_found(self):
        self.stage_remote(**self.refusal("Not found") | {"status": 404})

        with pytest.raises(NotFound):
            self.platform.fetch(self.remote_id)

    @pytest.mark.parametrize("remote_id", ["", "..", "1/../2", "7?x=1", "a" * 101, "1\n2", "%2e"])
    def test_an_id_that_could_climb_is_never_sent(self, remote_id):
        with pytest.raises(PlatformError, match="not an id"):
            self.platform.fetch(remote_id)
        assert not self.server.calls

    def test_a_prepared_order_is_left_alone(self):
        self.stage_remote(self.remote(self.remote_id))

        self.platform.prepare(self.order, self.remote_id)

        assert self.writes() == []

    def test_an_order_cancelled_there_is_not_prepared(self):
        self.stage_remote(self.remote(self.remote_id, cancelled=True))

        with pytest.raises(Refused, match="cancelled"):
            self.platform.prepare(self.order, self.remote_id)

    def test_a_corrected_recipient_is_told_again(self):
        self.stage_remote(self.remote(self.remote_id))
        self.stage_update(self.remote(self.remote_id))

        assert self.platform.update(self.order, self.remote_id).remote_id == self.remote_id
        assert RECIPIENT.line_1 in self.server.calls[1].request.body.decode()

    @pytest.mark.parametrize("state", [{"label": "ready"}, {"cancelled": True}])
    def test_what_is_papered_or_over_is_not_changed(self, state):
        self.stage_remote(self.remote(self.remote_id, **state))

        with pytest.raises(Refused, match=r"has a label|was cancelled"):
            self.platform.update(self.order, self.remote_id)
        assert self.writes() == []
