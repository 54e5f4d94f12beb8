import pytest

from integrations.platforms.errors import Refused, Unsendable
from integrations.platforms.outbound import Origin
from tests.integrations.samples import ORDER, REFERENCE, order_with
from tests.integrations.veeqo_server import (
    BASE,
    PACKAGE,
    SHIPMENT,
    VeeqoServer,
    allocation,
    remote_order,
)


class TestPreparing(VeeqoServer):
    """From any state of the allocations to one, at our warehouse, with our parcel."""

    def prepare(self, *states):
        for state in states:
            self.stage_remote(state)
        return self.platform.prepare(ORDER, "41001")

    def paths(self):
        return [(call.method, call.path) for call in self.writes()]

    def test_an_allocation_at_another_warehouse_is_moved(self):
        self.server.put(f"{BASE}/orders/41001/allocations/55001", json=allocation())
        elsewhere = remote_order(allocations=[allocation(warehouse=999)])

        self.prepare(elsewhere, remote_order())

        assert self.sent("PUT", "/orders/41001/allocations/55001") == [
            {
                "warehouse_id": 501,
                "line_items_attributes": [{"sellable_id": 3301, "quantity": 2}],
            }
        ]

    def test_a_half_filled_allocation_is_filled_up(self):
        self.server.put(f"{BASE}/orders/41001/allocations/55001", json=allocation())

        self.prepare(remote_order(allocations=[allocation(quantity=1)]), remote_order())

        assert self.paths() == [("PUT", "/orders/41001/allocations/55001")]

    def test_an_order_without_allocations_gets_one(self):
        self.server.post(f"{BASE}/orders/41001/allocations", status=201, json=remote_order())

        self.prepare(remote_order(status="awaiting_stock", allocations=[]), remote_order())

        sent = self.sent("POST", "/orders/41001/allocations")[0]
        assert sent["allocation"]["warehouse_id"] == 501

    def test_a_split_is_removed_and_made_one(self):
        self.server.delete(f"{BASE}/orders/41001/allocations/1", json=remote_order())
        self.server.post(f"{BASE}/orders/41001/allocations", status=201, json=remote_order())
        split = remote_order(allocations=[allocation(1, quantity=1), allocation(2, 999, 1)])

        self.prepare(split, remote_order(allocations=[]), remote_order())

        assert self.paths() == [
            ("DELETE", "/orders/41001/allocations/1"),
            ("POST", "/orders/41001/allocations"),
        ]

    def test_what_a_removal_leaves_behind_is_removed_as_well(self):
        for each in (1, 2):
            self.server.delete(f"{BASE}/orders/41001/allocations/{each}", json={})
        self.server.post(f"{BASE}/orders/41001/allocations", status=201, json=remote_order())
        split = remote_order(allocations=[allocation(1, quantity=1), allocation(2, 999, 1)])
        half = remote_order(allocations=[allocation(2, 999, 1)])

        self.prepare(split, half, remote_order(allocations=[]), remote_order())

        assert len(self.paths()) == 3

    def test_a_move_that_veeqo_ignores_leads_to_a_rebuild(self):
        elsewhere = remote_order(allocations=[allocation(warehouse=999)])
        self.server.put(f"{BASE}/orders/41001/allocations/55001", json=allocation(warehouse=999))
        self.server.delete(f"{BASE}/orders/41001/allocations/55001", json={})
        self.server.post(f"{BASE}/orders/41001/allocations", status=201, json=remote_order())

        self.prepare(elsewhere, elsewhere, remote_order(allocations=[]), remote_order())

        assert [method for method, _ in self.paths()] == ["PUT", "DELETE", "POST"]

    def test_a_warehouse_it_insists_on_is_a_refusal_with_what_it_has(self):
        elsewhere = remote_order(allocations=[allocation(warehouse=999)])
        self.server.put(f"{BASE}/orders/41001/allocations/55001", json={})
        self.server.delete(f"{BASE}/orders/41001/allocations/55001", json={})
        self.server.post(f"{BASE}/orders/41001/allocations", status=201, json=elsewhere)

        with pytest.raises(Refused, match="2 units at warehouse 501; it has 2 at warehouse 999"):
            self.prepare(elsewhere)

    def test_goods_that_left_from_elsewhere_are_not_touched(self):
        gone = allocation(warehouse=999, shipment=SHIPMENT)

        with pytest.raises(Refused, match="from warehouse 999 not 501"):
            self.prepare(remote_order(allocations=[gone]))
        assert self.writes() == []

    def test_a_warehouse_without_a_mapping_is_named(self):
        unmapped = order_with(origin=Origin("NV", ORDER.origin.address))

        with pytest.raises(Unsendable, match="NV has no match"):
            self.platform.prepare(unmapped, "41001")

    def test_an_unpaid_order_is_paid(self):
        self.server.post(f"{BASE}/payments", status=204)

        self.prepare(remote_order(status="awaiting_payment"), remote_order())

        assert self.sent("POST", "/payments") == [
            {
                "payment_attributes": {
                    "payment_type": "bank_transfer",
                    "order_id": 41001,
                    "reference_number": REFERENCE.text,
                },
                "amount": 25,
            }
        ]

    @pytest.mark.parametrize(
        "answer",
        [
            PACKAGE,
            {"id": "1", "type": "allocation_package", "attributes": PACKAGE},
            {"data": {"type": "allocation_package", "attributes": PACKAGE}},
        ],
        ids=["flat", "attributes", "JSON:API"],
    )
    def test_our_parcel_is_stored_in_grams_and_centimetres(self, answer):
        self.server.put(f"{BASE}/allocations/55001/allocation_package", json=answer)

        self.prepare(remote_order(allocations=[allocation(allocation_package=None)]))

        package = self.sent("PUT", "/allocations/55001/allocation_package")[0]["allocation_package"]
        assert (package["weight"], package["weight_unit"]) == (680, "g")
        assert (package["depth"], package["width"], package["height"]) == (20.3, 15.2, 15)
        assert package["save_for_similar_shipments"] is False

    def test_the_same_parcel_in_ounces_and_inches_is_recognised(self):
        imperial = {
            "weight": "23.986",
            "weight_unit": "oz",
            "depth": 7.992,
            "width": 5.984,
            "height": 5.906,
            "dimensions_unit": "inches",
        }

        self.prepare(remote_order(allocations=[allocation(allocation_package=imperial)]))

        assert self.writes() == []

    def test_a_parcel_veeqo_did_not_store_is_a_refusal(self):
        kept = PACKAGE | {"weight": 999}
        self.server.put(f"{BASE}/allocations/55001/allocation_package", json={"data": kept})

        with pytest.raises(Refused, match="another parcel"):
            self.prepare(remote_order(allocations=[allocation(allocation_package=None)]))
