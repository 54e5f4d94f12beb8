"""A split order's parcels are compared one by one, each with its own lines and warehouse."""

import pytest

from integrations.dispatching.references import reference_of
from integrations.models import Dispatch, DriftFinding
from integrations.services import adopt_drift, send_order
from orders.models import OrderStatus, Shipment
from tests.integrations.dispatch_case import work
from tests.integrations.drift_case import behind, found, order_there, reconciled
from tests.integrations.split_case import parcel, split_there, status

PLATFORMS = ("veeqo", "easyship")

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(case):
    order = split_there(case.start())
    send_order(order)
    for platform in PLATFORMS:
        work(platform)
    assert status(order) == OrderStatus.SENT
    return order


def reconciled_all():
    for platform in PLATFORMS:
        reconciled(platform)
    return found()


def test_each_parcel_agrees_with_its_own_part(order, case):
    assert reconciled_all() == []


def test_one_cancelled_there_leaves_the_other_part_alone(order, case):
    gone, kept = parcel(order, 2), parcel(order, 1)
    behind(case, gone, "cancel")
    reconciled_all()

    adopt_drift(DriftFinding.objects.get(), "They cancelled it")

    states = dict(Shipment.objects.values_list("part", "state"))
    assert states == {1: kept.state, 2: "cancelled"}
    assert status(order) == OrderStatus.PROBLEM
    assert order.problem.startswith("Part 2 of 2")
    assert list(Dispatch.objects.filter(kind="cancel").values_list("part", flat=True)) == [2]


def test_a_part_that_is_only_there_is_taken_over(case):
    order = split_there(case.start())
    order_there(case, "easyship", reference_of(order.pk, 1, part=2))
    reconciled("easyship")
    finding = DriftFinding.objects.get()

    adopt_drift(finding, "Restored from a backup")

    assert finding.kind == "only_there"
    assert Dispatch.objects.filter(reference=finding.reference, part=2).exists()
