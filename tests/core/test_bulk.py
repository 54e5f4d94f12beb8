import pytest
from django.db import IntegrityError, models, transaction
from django.test.utils import isolate_apps

from core.bulk import insert_many
from orders.models import Finding, Order, OrderStatus
from tests.factories import FindingFactory, OrderFactory

pytestmark = pytest.mark.django_db


def order(number, **values):
    return Order(**({"source": "shopify", "number": number, "status": OrderStatus.READY} | values))


def test_rows_are_written_with_all_their_values_and_get_keys():
    rows = [
        order("A-1", notes="tab\there, “quoted”,\nback\\slash"),
        order("A-2", promise_date=None),
    ]

    insert_many(rows)

    stored = {row.pk: row for row in Order.objects.all()}
    assert set(stored) == {row.pk for row in rows}
    assert stored[rows[0].pk].notes == "tab\there, “quoted”,\nback\\slash"
    assert stored[rows[1].pk].status == "ready"


def test_the_written_objects_may_be_saved_again():
    row = order("A-1")
    insert_many([row])

    row.notes = "later"
    row.save()

    assert Order.objects.get().notes == "later"


def test_json_is_stored_as_json():
    finding = FindingFactory.build(order=OrderFactory(), details={"before": {"city": "Renö"}})

    insert_many([finding])

    assert Finding.objects.get(pk=finding.pk).details == {"before": {"city": "Renö"}}


def test_a_row_that_breaks_a_constraint_leaves_nothing_behind():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([order("A-1"), order("A-1")])

    assert not Order.objects.exists()


def test_keys_go_on_where_others_left_off():
    insert_many([order("A-1")])
    other = OrderFactory()
    insert_many([last := order("A-3")])

    assert last.pk > other.pk


def test_nothing_is_written_for_nothing():
    insert_many([])


@isolate_apps("core")
def test_what_saving_would_compute_is_refused():
    class Touched(models.Model):
        at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "core"

        def __str__(self):
            return "touched"

    with pytest.raises(TypeError, match="computes its value"):
        insert_many([Touched()])
