"""What check_orders writes, and what it leaves alone."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.checks import CODES, CheckedOrder, check_order
from orders.errors import CannotOverride, NotEditable, NothingProposed, NotValid
from orders.models import AddressOverride, Finding, Order, OrderStatus
from orders.services import (
    accept_proposal,
    check_orders,
    edit_line,
    edit_order,
    override_finding,
    vouch_for_address,
)
from orders.services.check import finding_rows, load_world, settle, status_of
from orders.services.check.near import NearSkus
from orders.services.check.vouched import forget_address
from tests.factories import (
    CityNameFactory,
    FindingFactory,
    OrderFactory,
    OrderLineFactory,
    ProductFactory,
    UserFactory,
    ZipCentroidFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def zips():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")
    reno = ZipCentroidFactory(zip_code="89501", state="NV", city="Reno")
    CityNameFactory(zip_centroid=reno, state="NV", key="reno")


def checked(order):
    check_orders([order.pk])
    order.refresh_from_db()
    return order


def open_codes(order):
    return sorted(order.findings.filter(state="open").values_list("code", flat=True))


def everything(order):
    findings = list(order.findings.order_by("id").values())
    return Order.objects.values().get(pk=order.pk), findings, order.events.count()


def test_a_clean_order_becomes_ready():
    order = checked(OrderFactory())

    assert (order.status, order.address_verdict) == ("ready", "ok")
    assert len(order.fingerprint) == 64
    assert order.events.get().message == "Checked: nothing new was found."


def test_an_order_with_an_error_needs_review():
    order = checked(OrderFactory(recipient_name=""))

    assert order.status == "needs_review"
    finding = order.findings.get()
    assert (finding.code, finding.severity) == ("recipient_missing", "error")
    assert order.events.get().message == "Checked: 1 new error."


def test_a_warning_alone_does_not_stop_an_order():
    order = checked(OrderFactory(email="dana@gmial.com"))

    assert (order.status, open_codes(order)) == ("ready", ["email_typo"])


def test_checking_again_without_a_change_writes_nothing():
    order = checked(OrderFactory(state="NV", email="dana@gmial.com", lines={"MUG": 5_000}))
    before = everything(order)

    with CaptureQueriesContext(connection) as queries:
        checked(order)

    assert everything(order) == before
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [q["sql"] for q in queries if q["sql"].startswith(writes)] == []


def test_what_is_gone_is_resolved_and_what_stays_is_left_alone():
    order = checked(OrderFactory(recipient_name="", email="dana@gmial.com"))
    kept = order.findings.get(code="email_typo")
    Order.objects.filter(pk=order.pk).update(recipient_name="Dana Reyes")

    checked(order)

    assert order.status == "ready"
    assert order.findings.get(code="recipient_missing").state == "resolved"
    assert Finding.objects.get(pk=kept.pk).state == "open"


def test_a_finding_that_says_something_else_now_replaces_the_older_one():
    order = checked(OrderFactory(email="dana@gmial.com"))
    Order.objects.filter(pk=order.pk).update(email="dana@yaho.com")

    checked(order)

    states = order.findings.order_by("id").values_list("state", flat=True)
    assert list(states) == ["resolved", "open"]


def test_a_finding_of_someone_else_is_not_closed_and_still_counts():
    order = OrderFactory()
    FindingFactory(order=order, code="text_left_over", severity="error")

    checked(order)

    assert (order.status, open_codes(order)) == ("needs_review", ["text_left_over"])


def read(order, **given):
    """What a reader of files noticed: it names the row of the file."""
    said = {"code": "email_invalid", "field": "email", "severity": "warning", "details": {"row": 3}}
    return FindingFactory(order=order, **(said | given))


def test_what_a_reader_noticed_stays_until_a_person_sets_that_field():
    order = OrderFactory()
    about_email = read(order)
    about_name = read(order, code="name_doubtful", field="name")
    checked(order)
    assert open_codes(order) == ["email_invalid", "name_doubtful"]

    edit_order(order.pk, order.version, {"email": "dana@example.com"})

    assert Finding.objects.get(pk=about_email.pk).state == "resolved"
    assert Finding.objects.get(pk=about_name.pk).state == "open"
    edit_order(order.pk, Order.objects.get(pk=order.pk).version, {"recipient_name": "Sam Lee"})
    assert open_codes(order) == []


def test_a_check_that_says_the_same_as_the_reader_takes_its_place():
    order = OrderFactory(email="not an address")
    read(order)

    checked(order)

    (finding,) = order.findings.filter(state="open")
    assert finding.details == {}


def test_a_corrected_line_answers_what_the_reader_said_of_it():
    order = checked(OrderFactory(lines={"MUG": 1}))
    read(order, line=order.lines.get(), code="price_invalid", field="unit_price", severity="error")
    assert checked(order).status == "needs_review"

    edited = edit_line(order.pk, order.version, 1, {"unit_price": Decimal("11.00")})

    assert edited.status == "ready"


def test_the_order_says_why_each_line_is_wrong_on_the_line():
    order = OrderFactory(lines={"MUG": 1})
    line = OrderLineFactory(order=order, position=2, sku="MUGG", product=None)

    checked(order)

    finding = order.findings.get()
    assert (finding.code, finding.line) == ("sku_unknown", line)
    assert finding.details["near"] == ["MUG"]


def test_a_sku_that_became_known_is_linked_to_its_product():
    order = checked(OrderFactory(lines={}))
    line = OrderLineFactory(order=order, sku="cap", product=None)
    checked(order)

    cap = ProductFactory(sku="CAP")
    checked(order)

    line.refresh_from_db()
    assert (line.product, order.status) == (cap, "ready")


@pytest.mark.parametrize("status", ["problem", "cancelled"])
def test_a_status_that_people_decide_stays(status):
    order = checked(OrderFactory(status=status, problem="Lost label", recipient_name=""))

    assert order.status == status


def test_an_order_too_far_along_is_judged_and_not_touched():
    order = OrderFactory(routed=True, recipient_name="")

    verdicts = check_orders([order.pk])

    assert verdicts[order.pk].has_errors
    assert not order.findings.exists()


def test_an_id_that_does_not_exist_is_left_out():
    assert check_orders([4711]) == {}


def messy(count):
    """One finding each: SQLite inserts at most 66 in one query."""
    made = [OrderFactory(recipient_name=f"Dana R{n}") for n in range(count)]
    for order in made:
        order.lines.update(sku="MUGG", product=None)
    return [order.pk for order in made]


def cost(ids):
    with CaptureQueriesContext(connection) as queries:
        check_orders(ids)
    return len(queries)


def test_fifty_orders_take_as_many_queries_as_one():
    ids = messy(51)

    assert cost(ids[:1]) == cost(ids[1:])


def test_fifty_unchanged_orders_take_as_many_queries_as_one():
    ids = messy(50)
    check_orders(ids)

    assert cost(ids[:1]) == cost(ids)


def test_a_batch_beyond_one_chunk_is_checked_whole(monkeypatch):
    monkeypatch.setattr("orders.services.check.settling.CHUNK", 2)
    ids = [OrderFactory(number=f"N{n}").pk for n in range(5)]

    assert sorted(check_orders(ids)) == ids
    assert set(Order.objects.values_list("status", flat=True)) == {"ready"}


def test_bulk_creation_gets_the_same_rows_without_asking_again(django_assert_num_queries):
    order = Order(source="manual", number="N-1", recipient_name="", country="US")
    seen = CheckedOrder(source="manual", number="N-1", country="US")
    verdict = check_order(seen, load_world([seen]))

    with django_assert_num_queries(0):
        rows = finding_rows(order, [], verdict)

    assert [row.code for row in rows] == [one.code for one in verdict.found]
    assert status_of(verdict) is OrderStatus.NEEDS_REVIEW


# --- What people answer ---------------------------------------------------------------------------


def test_accepting_the_proposal_corrects_the_order_and_frees_it(acting):
    order = checked(OrderFactory(state="NV"))

    accepted = accept_proposal(order, order.version)

    assert (accepted.state, accepted.status, accepted.address_verdict) == ("CA", "ready", "ok")
    event = accepted.events.get(kind="edit")
    assert event.message == "Accepted the correction of state."
    assert event.details == {"before": {"state": "NV"}, "after": {"state": "CA"}}


def test_accepting_where_nothing_is_proposed_is_refused():
    order = checked(OrderFactory())

    with pytest.raises(NothingProposed, match="No correction is proposed"):
        accept_proposal(order, order.version)


def test_a_vouched_address_is_ok_for_this_order_and_the_next(acting):
    order = checked(OrderFactory(state="NV"))

    vouch_for_address(order, " The customer lives on the border. ")

    override = AddressOverride.objects.get()
    assert override.reason == "The customer lives on the border."
    assert override.address == "1 Market Street, San Francisco NV 94105, US"
    assert override.created_by == acting
    assert (order.status, order.address_verdict) == ("ready", "ok")
    assert checked(OrderFactory(state="nv", address_1="1 market st.")).address_verdict == "ok"


def test_a_forgotten_address_is_doubted_again():
    order = checked(OrderFactory(state="NV"))
    override = vouch_for_address(order, "Sure.")

    forget_address(override, "Parcel came back.")

    assert checked(order).status == "needs_review"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_vouching_and_overriding_need_a_reason(reason):
    order = checked(OrderFactory(state="NV"))

    with pytest.raises(NotValid):
        vouch_for_address(order, reason)
    with pytest.raises(NotValid):
        override_finding(order.findings.get(), reason)
    assert not AddressOverride.objects.exists()
    assert order.findings.get().state == "open"


def test_an_overridden_error_frees_the_order_and_stays_overridden(acting):
    order = checked(OrderFactory(state="NV"))
    finding = order.findings.get()

    override_finding(finding, "It is right, we asked.")
    checked(order)

    finding = order.findings.get()
    assert (finding.state, finding.override_reason) == ("overridden", "It is right, we asked.")
    assert finding.closed_by == acting
    assert order.status == "ready"


def test_an_override_does_not_cover_another_mistake_in_the_same_field():
    order = checked(OrderFactory(state="NV"))
    override_finding(order.findings.get(), "We asked.")

    edited = edit_order(order.pk, Order.objects.get(pk=order.pk).version, {"state": "TX"})

    assert edited.status == "needs_review"
    assert open_codes(order) == ["state_of_zip"]


def test_what_cannot_be_shipped_cannot_be_overridden():
    order = OrderFactory(lines={})
    finding = checked(order).findings.get()

    with pytest.raises(CannotOverride, match="Add the lines"):
        override_finding(finding, "Send it anyway.")
    assert checked(order).status == "needs_review"


def test_a_closed_finding_is_not_overridden():
    finding = FindingFactory(code="odd", state="resolved")

    with pytest.raises(CannotOverride, match="closed already"):
        override_finding(finding, "Late.")


def test_an_order_too_far_along_takes_no_answers():
    order = OrderFactory(routed=True)

    with pytest.raises(NotEditable):
        vouch_for_address(order, "Sure.")
    with pytest.raises(NotEditable):
        accept_proposal(order, order.version)


# --- The nearest SKUs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("MUG-SPK-21", ("MUG-SPK-12", "MUG-SPK-16")),
        ("mugspk12", ("MUG-SPK-12",)),
        ("ZZZ", ()),
        ("", ()),
    ],
)
def test_the_nearest_skus_come_best_first(written, near):
    found = NearSkus(["CAP-RED-S", "MUG-SPK-16", "MUG-SPK-12", "LMP-DSK-BRS"])(written)

    assert found[: len(near)] == near
    assert bool(found) == bool(near)


def test_no_code_of_the_checks_is_longer_than_its_column():
    assert max(map(len, CODES)) <= Finding._meta.get_field("code").max_length


def test_settling_happens_in_the_callers_transaction():
    order = OrderFactory(created_by=UserFactory(username="lee"))

    assert list(settle([order.pk])) == [order.pk]
