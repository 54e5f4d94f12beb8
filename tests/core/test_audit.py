from decimal import Decimal

import pytest

from core.actor import Actor, current_actor
from core.audit import changed, record_audit
from core.models import AppendOnly, AuditEvent
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_an_event_says_who_what_and_from_what_to_what():
    mark = current_actor.set(Actor("kim"))
    product = ProductFactory(sku="MUG")
    record_audit("change", product, before={"value": Decimal("1.00")}, after={"value": Decimal(2)})
    current_actor.reset(mark)

    event = AuditEvent.objects.get(object_id=product.pk, action="change")
    assert (event.actor_label, event.object_label) == ("kim", "MUG")
    assert (event.before, event.after) == ({"value": "1.00"}, {"value": "2"})


def test_values_that_did_not_change_are_left_out():
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ({"b": 2}, {"b": 3})


@pytest.mark.parametrize("spoil", [AuditEvent.save, AuditEvent.delete])
def test_history_cannot_be_changed(spoil):
    event = record_audit("add", ProductFactory())

    with pytest.raises(AppendOnly):
        spoil(event)


def test_history_cannot_be_changed_in_bulk():
    record_audit("add", ProductFactory())

    with pytest.raises(AppendOnly):
        AuditEvent.objects.update(reason="x")
    with pytest.raises(AppendOnly):
        AuditEvent.objects.all().delete()
