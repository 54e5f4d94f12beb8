import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from core.models import AuditEvent
from tests.factories import StockLevelFactory, WarehouseFactory
from warehouses.models import StockLevel, StockMovement

pytestmark = pytest.mark.django_db
PAPER = {"document": "GRN-1", "note": ""}


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def page(level, action="change"):
    return reverse(f"admin:warehouses_stocklevel_{action}", args=[level.pk])


def test_receiving_moves_stock_through_the_ledger(boss):
    level = StockLevelFactory(on_hand=4)

    boss.post(page(level, "receive"), PAPER | {"quantity": 6, "reason": "purchase"})

    level.refresh_from_db()
    assert level.on_hand == 10
    movement = StockMovement.objects.filter(level=level).first()
    assert (movement.document, movement.actor_label) == ("GRN-1", "boss")


def test_the_same_delivery_note_is_not_received_twice(boss):
    level = StockLevelFactory(on_hand=4)
    note = PAPER | {"quantity": 6, "reason": "purchase"}
    boss.post(page(level, "receive"), note)

    response = boss.post(page(level, "receive"), note)

    assert "already in the ledger" in response.text
    level.refresh_from_db()
    assert level.on_hand == 10


def test_adjusting_below_nothing_is_refused_with_a_sentence(boss):
    level = StockLevelFactory(on_hand=4)

    response = boss.post(page(level, "adjust"), PAPER | {"quantity": -5, "reason": "loss"})

    assert response.status_code == 400
    level.refresh_from_db()
    assert level.on_hand == 4


def test_a_reason_of_another_action_is_refused(boss):
    level = StockLevelFactory(on_hand=4)

    response = boss.post(page(level, "receive"), PAPER | {"quantity": 1, "reason": "loss"})

    assert "Select a valid choice" in response.text


def test_a_transfer_takes_here_and_puts_there(boss):
    level = StockLevelFactory(on_hand=4)
    other = WarehouseFactory()

    boss.post(
        page(level, "transfer"), PAPER | {"quantity": 3, "reason": "rebalance", "target": other.pk}
    )

    there = StockLevel.objects.get(warehouse=other, product=level.product)
    level.refresh_from_db()
    assert (level.on_hand, there.on_hand) == (1, 3)


def test_numbers_cannot_be_typed_into_a_stock_level(boss):
    level = StockLevelFactory(on_hand=4)

    boss.post(page(level), {"on_hand": 999, "safety_stock": 2, "reorder_point": 3})

    level.refresh_from_db()
    assert (level.on_hand, level.safety_stock, level.reorder_point) == (4, 2, 3)


def test_a_change_of_policy_leaves_an_audit_event(boss):
    level = StockLevelFactory(on_hand=4)

    boss.post(page(level), {"safety_stock": 2, "reorder_point": 3})

    event = AuditEvent.objects.get(object_type="warehouses.stocklevel")
    assert event.after == {"safety_stock": 2, "reorder_point": 3}


def test_stock_is_found_by_the_beginning_of_a_sku(boss):
    wanted = StockLevelFactory(product__sku="MUG-BLU")
    StockLevelFactory(product__sku="CAP-RED")

    response = boss.get("/admin/warehouses/stocklevel/", {"q": "mug"})

    assert list(response.context["cl"].result_list) == [wanted]
