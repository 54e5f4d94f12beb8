from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.errors import ChangedMeanwhile, FieldNotEditable, NotEditable, NotValid
from orders.models import Order, OrderStatus
from orders.models.status import EDITABLE
from orders.services import edit_order
from orders.services.edit import EDITABLE_FIELDS
from tests.factories import CarrierFactory, OrderFactory, ZipCentroidFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")
    return OrderFactory(number="SO-9", status=OrderStatus.READY, address_verdict="ok")


def stored(order):
    return Order.objects.values().get(pk=order.pk)


def refused(order, *arguments, error, match):
    before = stored(order)
    with pytest.raises(error, match=match):
        edit_order(order.pk, *arguments)
    assert stored(order) == before
    assert not order.events.exists()


def test_an_edit_changes_the_field_and_the_version(order):
    edited = edit_order(order.pk, 1, {"recipient_name": "Sam Lee"})

    assert (edited.recipient_name, edited.version) == ("Sam Lee", 2)
    assert stored(order)["recipient_name"] == "Sam Lee"


def test_history_tells_what_it_was_before(order, acting):
    edit_order(order.pk, 1, {"recipient_name": "Sam Lee", "promise_date": date(2025, 3, 9)})

    event = order.events.get()
    assert (event.kind, event.message) == ("edit", "Edited promise_date, recipient_name.")
    assert event.details == {
        "before": {"recipient_name": "Dana Reyes", "promise_date": None},
        "after": {"recipient_name": "Sam Lee", "promise_date": "2025-03-09"},
    }
    assert event.actor == acting


def test_a_carrier_can_be_wished_for(order):
    ups = CarrierFactory()

    edit_order(order.pk, 1, {"wanted_carrier": ups})

    assert stored(order)["wanted_carrier_id"] == ups.pk
    assert order.events.get().details["after"] == {"wanted_carrier": "UPS"}


def test_a_changed_address_is_checked_again_with_the_edit(order):
    edited = edit_order(order.pk, 1, {"state": "NV"})

    assert (edited.address_verdict, edited.status) == ("corrected", "needs_review")
    assert order.findings.get().code == "state_of_zip"
    assert [event.kind for event in order.events.order_by("id")] == ["edit", "status"]


def test_an_edit_that_corrects_the_order_makes_it_ready(order):
    edit_order(order.pk, 1, {"state": "NV"})

    edited = edit_order(order.pk, 3, {"state": "CA"})

    assert (edited.address_verdict, edited.status) == ("ok", "ready")
    assert order.findings.get().state == "resolved"


def test_another_field_leaves_the_address_checked(order):
    assert edit_order(order.pk, 1, {"notes": "Ring twice"}).address_verdict == "ok"


def test_an_edit_that_changes_nothing_leaves_no_trace(order):
    edit_order(order.pk, 1, {"city": "San Francisco"})

    assert stored(order)["version"] == 1
    assert not order.events.exists()


def test_an_edit_of_an_older_version_is_refused(order):
    Order.objects.filter(pk=order.pk).update(version=2)

    refused(order, 1, {"city": "Reno"}, error=ChangedMeanwhile, match="SO-9 was changed by someone")


def test_an_unchanged_edit_of_an_older_version_is_refused_too(order):
    Order.objects.filter(pk=order.pk).update(version=2)

    refused(order, 1, {"city": "San Francisco"}, error=ChangedMeanwhile, match="Nothing was saved")


def test_the_second_of_two_editors_is_refused(order):
    edit_order(order.pk, 1, {"city": "Reno"})

    with pytest.raises(ChangedMeanwhile):
        edit_order(order.pk, 1, {"city": "Sparks"})

    assert stored(order)["city"] == "Reno"


@pytest.mark.parametrize(
    ("meanwhile", "error"),
    [({"version": 2}, ChangedMeanwhile), ({"status": "cancelled"}, NotEditable)],
    ids=["edited", "cancelled"],
)
def test_somebody_between_reading_and_writing_is_noticed(order, monkeypatch, meanwhile, error):
    def applied_late(order, changes):
        Order.objects.filter(pk=order.pk).update(**meanwhile)
        return {"city": "San Francisco"}, {"city": "Reno"}

    monkeypatch.setattr("orders.services.edit._apply", applied_late)

    refused(order, 1, {"city": "Reno"}, error=error, match="SO-9")


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - EDITABLE))
def test_an_order_too_far_along_is_not_edited(order, status):
    route = OrderFactory(routed=True)
    Order.objects.filter(pk=order.pk).update(
        status=status, warehouse=route.warehouse, service=route.service
    )

    refused(order, 1, {"city": "Reno"}, error=NotEditable, match="can no longer be edited")


@pytest.mark.parametrize(
    "field", ["status", "version", "number", "id", "original_text", "wanted_carrier_id", "nonsense"]
)
def test_only_some_fields_can_be_edited(order, field):
    refused(order, 1, {field: "x"}, error=FieldNotEditable, match=f"“{field}” cannot be edited")


def test_every_editable_field_is_a_field_of_the_order():
    names = {field.name for field in Order._meta.fields}

    assert names >= EDITABLE_FIELDS


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"city": "x" * 101}, "city: Ensure this value has at most 100 characters"),
        ({"city": "Re\x00no"}, "city: Null characters are not allowed."),
        ({"city": None}, "city: This field cannot be null."),
        ({"email": "dana at example"}, "email: Enter a valid email address."),
        ({"country": "usa"}, "country: "),
        ({"promise_date": "soon"}, "promise_date: "),
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_refused_with_its_field(order, changes, told):
    refused(order, 1, changes, error=NotValid, match=f"SO-9 was not saved. {told}")


def test_an_edit_takes_as_many_queries_whatever_it_changes(order, django_assert_num_queries):
    changes = {
        "address_1": "3 Market Street",
        "company": "C",
        "notes": "n",
        "phone": "+17755550142",
    }

    edit_order(order.pk, 1, {"notes": "first"})
    with CaptureQueriesContext(connection) as one:
        edit_order(order.pk, 2, {"address_1": "2 Market Street"})
    with django_assert_num_queries(len(one)):
        edit_order(order.pk, 3, changes)
