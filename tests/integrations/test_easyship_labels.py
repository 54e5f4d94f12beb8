import pytest

from integrations.platforms.errors import (
    BadCredentials,
    Busy,
    NotFound,
    Refused,
    Unintelligible,
)
from integrations.platforms.remote import LabelState, RemoteState
from tests.integrations.contract_case import approve
from tests.integrations.easyship_server import (
    BASE,
    LINK,
    ORDER,
    SHIPMENT_ID,
    EasyshipServer,
    labelled,
    shipment,
    single,
)
from tests.integrations.samples import (
    KEY,
    PDF,
)


class TestLabels(EasyshipServer):
    def buy(self, **answer):
        self.stage_remote(shipment())
        self.stage_purchase(**answer)
        return self.platform.buy_label(ORDER, SHIPMENT_ID, approve)

    def test_the_printing_options_are_always_said(self):
        self.buy()

        assert self.sent("POST", f"/shipments/{SHIPMENT_ID}/label") == [
            {
                "courier_service_id": ORDER.service.remote_id,
                "printing_options": {
                    "format": "pdf",
                    "label": "4x6",
                    "commercial_invoice": "A4",
                    "packing_slip": "4x6",
                },
            }
        ]

    def test_the_documents_are_in_the_answer(self):
        assert [document.content for document in self.buy().documents] == [PDF]

    def test_a_label_that_failed_inside_a_2xx_is_refused_with_the_carriers_words(self):
        failure = [{"code": "1019000", "content": "Recipient phone is not valid."}]
        failed = shipment(label_state="failed", last_failure_http_response_messages=failure)

        with pytest.raises(Refused, match="Recipient phone is not valid") as caught:
            self.buy(status=201, body=single(failed))
        assert not caught.value.is_ambiguous

    def test_a_pending_label_is_paid_and_not_bought_again(self):
        label = self.buy(status=201, body=single(shipment(label_state="pending")))
        assert label.state is LabelState.PENDING

        self.server.reset()
        self.stage_remote(shipment(label_state="pending"))
        again = self.platform.buy_label(ORDER, SHIPMENT_ID, approve)

        assert again.state is LabelState.PENDING
        assert len(self.writes()) == 1

    def test_a_failed_label_can_be_bought_again(self):
        self.stage_remote(shipment(label_state="failed"))
        self.stage_purchase()

        assert self.platform.buy_label(ORDER, SHIPMENT_ID, approve).state is LabelState.READY

    def test_a_cancelled_shipment_gets_no_label(self):
        self.stage_remote(shipment(shipment_state="cancelled"))

        with pytest.raises(Refused, match="cancelled"):
            self.platform.buy_label(ORDER, SHIPMENT_ID, approve)

    @pytest.mark.parametrize("status", [403, 404])
    def test_where_the_label_call_is_closed_an_update_buys(self, status):
        self.server.patch(f"{BASE}/shipments/{SHIPMENT_ID}", body=single(labelled()))

        label = self.buy(status=status, json={"error": {"message": "closed", "details": []}})

        assert label.state is LabelState.READY
        settings = self.sent("PATCH", f"/shipments/{SHIPMENT_ID}")[0]["shipping_settings"]
        assert (settings["buy_label"], settings["buy_label_synchronous"]) == (True, True)

    def test_a_wrong_token_does_not_try_the_other_way(self):
        with pytest.raises(BadCredentials):
            self.buy(status=401, json={"error": {"message": "Invalid token."}})
        assert len(self.writes()) == 1

    def test_the_file_behind_a_link_is_fetched_with_our_token(self):
        self.stage_remote(labelled(shipping_documents=[LINK]))
        self.server.get(LINK["url"], body=PDF, content_type="application/pdf")

        label = self.platform.fetch_label(SHIPMENT_ID)

        assert label.documents[0].content == PDF
        assert self.server.calls[1].request.headers["Authorization"] == f"Bearer {KEY}"

    @pytest.mark.parametrize(
        "url",
        [
            "https://elsewhere.example/label.pdf",
            "http://public-api.easyship.example/label.pdf",
            "https://public-api.easyship.example.evil.example/label.pdf",
            "https://public-api.easyship.example@evil.example/label.pdf",
            "file:///etc/passwd",
        ],
    )
    def test_a_link_to_somewhere_else_is_not_followed(self, url):
        self.stage_remote(labelled(shipping_documents=[LINK | {"url": url}]))

        with pytest.raises(Unintelligible, match="not followed"):
            self.platform.fetch_label(SHIPMENT_ID)
        assert len(self.server.calls) == 1

    def test_a_label_without_its_file_is_said_to_be(self):
        self.stage_remote(labelled(shipping_documents=[]))

        with pytest.raises(Unintelligible, match="without its file"):
            self.platform.fetch_label(SHIPMENT_ID)

    def test_the_file_is_asked_for_as_pdf(self):
        self.stage_remote(labelled())
        self.platform.fetch_label(SHIPMENT_ID)

        assert self.server.calls[0].request.params["format"] == "PDF"

    @pytest.mark.parametrize(
        ("words", "state"),
        [
            ("pending", LabelState.PENDING),
            ("generating", LabelState.PENDING),
            ("generated", LabelState.READY),
            ("printed", LabelState.READY),
            ("reported", LabelState.READY),
            ("failed", LabelState.FAILED),
            ("technical_failed", LabelState.FAILED),
            ("voided", LabelState.VOIDED),
            ("void_failed", LabelState.READY),
            ("brand_new", LabelState.PENDING),
        ],
    )
    def test_every_label_state_has_a_word_of_ours(self, words, state):
        self.stage_remote(shipment(label_state=words))

        assert self.platform.fetch(SHIPMENT_ID).label.state is state


class TestCancelling(EasyshipServer):
    def test_without_a_label_the_shipment_is_deleted(self):
        self.stage_remote(shipment())
        message = {"success": {"message": "Shipment successfully deleted"}}
        self.server.delete(f"{BASE}/shipments/{SHIPMENT_ID}", json=message)

        assert self.platform.cancel(SHIPMENT_ID, "x").state is RemoteState.CANCELLED
        assert [call.method for call in self.writes()] == ["DELETE"]

    def test_a_label_being_made_is_waited_for(self):
        self.stage_remote(shipment(label_state="generating"))

        with pytest.raises(Busy) as caught:
            self.platform.cancel(SHIPMENT_ID, "x")
        assert caught.value.is_retryable
        assert self.writes() == []

    def test_a_voided_label_counts_as_being_cancelled(self):
        self.stage_remote(labelled())
        self.server.post(f"{BASE}/shipments/{SHIPMENT_ID}/cancel", json={"success": {}})
        self.stage_remote(labelled(label_state="voided"))

        assert self.platform.cancel(SHIPMENT_ID, "x").state is RemoteState.CANCELLING

    def test_a_cancellation_without_effect_is_not_taken_for_done(self):
        self.stage_remote(labelled())
        self.server.post(f"{BASE}/shipments/{SHIPMENT_ID}/cancel", json={"success": {}})

        with pytest.raises(Refused, match="still created / generated"):
            self.platform.cancel(SHIPMENT_ID, "x")

    def test_a_shipment_that_is_gone_is_not_found(self):
        self.stage_remote(**self.refusal("The Shipment was not found") | {"status": 404})

        with pytest.raises(NotFound, match="The Shipment was not found"):
            self.platform.cancel(SHIPMENT_ID, "x")
