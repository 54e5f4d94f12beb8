from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.platforms.errors import Refused, Unintelligible
from integrations.platforms.remote import LabelState
from tests.integrations.contract_case import approve
from tests.integrations.samples import ORDER, PDF, order_with
from tests.integrations.veeqo_server import (
    BASE,
    OPTIONS,
    RATE,
    SHIPMENT,
    VeeqoServer,
    allocation,
    remote_order,
)


class TestLabels(VeeqoServer):
    def buy(self, *rates, **answer):
        self.stage_remote(remote_order())
        self.stage_prices(*rates)
        self.stage_purchase(**answer)
        label = self.platform.buy_label(ORDER, "41001", approve)
        return label, self.sent("POST", "/shipping/shipments")[0]

    def test_the_rate_is_said_back_with_the_cheapest_options(self):
        _, body = self.buy()

        assert body == {
            "carrier": "amazon_shipping_v2",
            "shipment": {
                "allocation_id": 55001,
                "carrier_id": "",
                "service_type": "amazon_shipping_v2-0b7a0c2e",
                "notify_customer": False,
                "update_remote_order": None,
                "payment_method_id": None,
                "remote_shipment_id": "prb1a2b3c4d",
                "sub_carrier_id": "UPS",
                "service_carrier": "ups",
                "total_net_charge": "11.80",
                "base_rate": "11.80",
                "value_added_service__VAS_GROUP_ID_CONFIRMATION": "NO_CONFIRMATION",
            },
        }

    def test_null_options_are_said_back_as_none_at_all(self):
        _, body = self.buy(RATE | {"shipping_service_options": None})

        assert not any(key.startswith("value_added") for key in body["shipment"])

    def test_a_default_option_is_kept(self):
        options = deepcopy(OPTIONS)
        options[0]["default"] = "SIGNATURE_CONFIRMATION"

        _, body = self.buy(RATE | {"shipping_service_options": options})

        assert "SIGNATURE_CONFIRMATION" in body["shipment"].values()

    def test_a_rate_without_an_id_is_ours_by_its_title_only(self):
        self.stage_remote(remote_order())
        self.stage_prices(RATE | {"service_id": None})
        self.stage_purchase()
        by_title = order_with(service=replace(ORDER.service, remote_id="UPS 3 Day Select"))

        assert self.platform.buy_label(by_title, "41001", approve).state is LabelState.READY

    @pytest.mark.parametrize(
        "answer",
        [
            {"id": 72001, "tracking_number": "1Z999AA10123456784"},
            {"id": "72001", "tracking_number": {"tracking_number": "1Z999AA10123456784"}},
            {"shipment": {"id": 72001, "tracking_number": "1Z999AA10123456784"}},
        ],
        ids=["text", "object", "nested"],
    )
    def test_the_purchase_is_read_in_each_of_its_shapes(self, answer):
        label, _ = self.buy(json=answer)

        assert (label.shipment_id, label.tracking_number) == ("72001", "1Z999AA10123456784")
        assert (label.cost, label.currency, label.carrier) == (Decimal("11.80"), "USD", "ups")

    def test_the_rates_are_asked_for_right_before_the_purchase(self):
        self.buy()

        assert [call.path for call in self.calls][-2:] == [
            "/shipping/rates/55001",
            "/shipping/shipments",
        ]

    def test_json_instead_of_the_file_is_not_a_label(self):
        self.stage_remote(remote_order(allocations=[allocation(shipment=SHIPMENT)]))
        self.stage_label_file(body=b'{"labels_count":1}')

        with pytest.raises(Unintelligible, match="not a PDF"):
            self.platform.fetch_label("41001")

    def test_the_file_is_asked_for_by_shipment(self):
        self.stage_remote(remote_order(allocations=[allocation(shipment=SHIPMENT)]))
        self.stage_label_file(body=PDF)

        self.platform.fetch_label("41001")

        request = self.server.calls[-1].request
        assert request.params == {"shipment_ids[]": "72001"}
        assert request.headers["Accept"] == "application/pdf"

    def test_a_voided_label_is_no_label_to_keep(self):
        voided = SHIPMENT | {"tracking_number": {"tracking_number": "1Z1", "cancelled": True}}
        self.stage_remote(remote_order(allocations=[allocation(shipment=voided)]))
        self.stage_prices()
        self.stage_purchase()

        assert self.platform.fetch("41001").label.state is LabelState.VOIDED
        assert self.platform.buy_label(ORDER, "41001", approve).shipment_id == "72001"
        assert len(self.writes()) == 1


class TestCancelling(VeeqoServer):
    def test_a_label_is_removed_first_and_its_refund_is_to_be_checked(self):
        self.server.delete(f"{BASE}/shipments/72001", status=204)
        self.stage_cancelled(remote_order(allocations=[allocation(shipment=SHIPMENT)]))

        cancelled = self.platform.cancel("41001", "Customer asked")

        assert [call.method for call in self.writes()] == ["DELETE", "PUT"]
        assert "refund" in cancelled.remarks[0]
        body = self.sent("PUT", "/orders/41001/cancel")[0]
        assert body == {"send_veeqo_email": False, "cancel_reason": "Customer asked"}

    def test_a_cancellation_veeqo_ignores_is_not_taken_for_done(self):
        self.stage_remote(remote_order())
        self.server.put(f"{BASE}/orders/41001/cancel", status=204)

        with pytest.raises(Refused, match="still awaiting_fulfillment"):
            self.platform.cancel("41001", "Customer asked")
