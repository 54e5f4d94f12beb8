"""An import session: read, fixed, applied, undone; each step once, whatever is started twice."""

import csv
import io

import pytest

from core.errors import DomainError
from orders.models import (
    ColumnMapping,
    Finding,
    ImportMode,
    ImportRow,
    ImportSession,
    ImportState,
    Order,
    OrderStatus,
    RowState,
)
from orders.services import edit_order
from orders.services.imports import applying, leases
from orders.services.imports.failures import failed_rows
from orders.services.imports.jobs import apply_import, read_import, resume_imports, undo_import
from orders.services.imports.rows import fix_row, skip_row
from orders.services.imports.sessions import (
    apply_session,
    discard_session,
    open_session,
    read_with_mapping,
    undo_session,
)
from orders.services.imports.undoing import forecast_undo
from tests.factories import ProductFactory, ZipCentroidFactory

pytestmark = pytest.mark.django_db

HEADER = (
    "order_number,sku,quantity,unit_price,currency,recipient_name,address_1,city,state,"
    "postal_code,country,phone,email"
)
GOOD = (
    "{},MUG,1,12.50,USD,Dana Reyes,1 Market Street,San Francisco,CA,94105,US,"
    "+14155550142,dana@example.com"
)


@pytest.fixture(autouse=True)
def catalogue():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")
    ProductFactory(sku="MUG", weight_grams=400)


def file_of(*rows):
    return ["\n".join([HEADER, *rows]).encode()]


def opened(*rows, **options):
    session = open_session("orders.csv", file_of(*rows), **({"source": "file"} | options))
    read_import(session.pk)
    session.refresh_from_db()
    return session


def good(*numbers):
    return [GOOD.format(number) for number in numbers]


def applied(session):
    apply_session(session)
    apply_import(session.pk)
    session.refresh_from_db()
    return session


def states(session):
    return list(session.rows.order_by("position").values_list("state", flat=True))


def test_a_file_is_read_into_rows_that_say_what_they_would_become():
    session = opened(*good("A-1"), "A-2,MUG,zero,1,USD,Dana Reyes,1 Market Street,Reno,NV,,US,,")

    assert (session.state, session.format, session.orders_total) == ("preview", "native", 2)
    assert states(session) == ["ready", "error"]
    assert "quantity" in session.rows.get(position=2).problem
    assert not Order.objects.exists()


def test_applying_writes_each_ready_row_once():
    session = applied(opened(*good("A-1", "A-2")))

    assert session.state == ImportState.DONE
    assert states(session) == ["created", "created"]
    apply_import(session.pk)
    assert Order.objects.count() == 2
    with pytest.raises(DomainError, match="No row is ready"):
        apply_session(session)


def test_a_crash_in_the_middle_creates_nothing_twice_and_loses_nothing(monkeypatch):
    session = opened(*good(*(f"A-{n}" for n in range(5))))
    apply_session(session)
    monkeypatch.setattr(applying, "CHUNK", 2)
    keep, crashes = leases.Lease.keep, [None, None, RuntimeError("power cut")]

    def crash_in_the_second_chunk(lease, **changes):
        keep(lease, **changes)
        if (crash := crashes.pop(0)) is not None:
            raise crash

    crashes[:] = [None, RuntimeError("power cut"), None, None, None]
    monkeypatch.setattr(leases.Lease, "keep", crash_in_the_second_chunk)
    with pytest.raises(RuntimeError):
        apply_import(session.pk)
    assert Order.objects.count() == 2

    assert apply_import(session.pk) == "nothing to do"  # its lease still runs
    ImportSession.objects.update(job_until=None)
    assert apply_import(session.pk) == "done"
    assert Order.objects.count() == 5
    assert set(states(session)) == {"created"}


def test_an_interrupted_import_is_queued_again(django_capture_on_commit_callbacks):
    session = opened(*good("A-1"))
    apply_session(session)

    assert resume_imports.__wrapped__() == 1
    applied_one = ImportSession.objects.get(pk=session.pk)
    assert applied_one.state == ImportState.APPLYING


def test_the_same_file_in_a_new_session_changes_nothing():
    applied(opened(*good("A-1")))
    again = applied(opened(*good("A-1")))

    assert states(again) == ["unchanged"]
    assert Order.objects.count() == 1


def test_a_row_is_fixed_in_place_and_judged_again():
    session = opened(GOOD.format("A-2").replace("MUG,1", "MUG,zero"))
    row = session.rows.get()

    fix_row(row, {"city": "San Francisco"}, [{"sku": "MUG", "quantity": "2", "unit_price": "1"}])

    row.refresh_from_db()
    assert (row.state, row.is_edited, row.problem) == ("ready", True, "")
    assert Order.objects.count() == 0
    applied(session)
    assert Order.objects.get().lines.get().quantity == 2


def test_a_row_left_out_is_not_applied():
    session = opened(*good("A-1", "A-2"))
    skip_row(session.rows.get(number="A-1"))

    applied(session)

    assert states(session) == ["skipped", "created"]


def test_failed_rows_come_back_as_a_file_with_the_reason_and_no_formulas():
    session = opened(*good("A-1"), "A-2,=1+1,zero,1,USD,Dana Reyes,1 Market Street,Reno,NV,,US,,")

    rows = list(csv.reader(io.StringIO("".join(failed_rows(session)).lstrip("\ufeff"))))

    assert rows[0] == [*HEADER.split(","), "Error"]
    assert rows[1][:3] == ["A-2", "'=1+1", "zero"]
    assert "quantity" in rows[1][-1]
    assert len(rows) == 2


def test_undo_cancels_what_was_created_and_frees_its_numbers():
    session = applied(opened(*good("A-1", "A-2")))

    assert forecast_undo(session).cancels == 2
    undo_session(session)
    undo_import(session.pk)

    session.refresh_from_db()
    assert (session.state, set(states(session))) == (ImportState.UNDONE, {"undone"})
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    again = applied(opened(*good("A-1", "A-2")))
    assert states(again) == ["created", "created"]


def test_undo_brings_an_updated_order_back_as_it_was():
    applied(opened(*good("A-1")))
    before = Order.objects.values("recipient_name", "city", "content_hash").get()
    changed = GOOD.format("A-1").replace("Dana Reyes", "Elif Kaya").replace("MUG,1", "MUG,3")
    session = applied(opened(changed, mode=ImportMode.BOTH))
    assert Order.objects.get().recipient_name == "Elif Kaya"

    undo_session(session)
    undo_import(session.pk)

    order = Order.objects.get()
    assert Order.objects.values(*before).get() == before
    assert order.lines.get().quantity == 1
    assert states(session) == ["undone"]


def test_undo_says_what_it_cannot_take_back_and_why():
    session = applied(opened(*good("A-1", "A-2")))
    Order.objects.filter(number="A-1").update(status=OrderStatus.SHIPPED)

    forecast = forecast_undo(session)
    assert (forecast.cancels, forecast.restores) == (1, 0)
    assert forecast.kept == ("A-1: it is “Shipped”. Cancel it at the platform first.",)
    undo_session(session)
    undo_import(session.pk)

    assert states(session) == ["kept", "undone"]
    assert Order.objects.get(number="A-1").status == "shipped"


def test_an_update_that_staff_changed_since_is_kept():
    applied(opened(*good("A-1")))
    session = applied(opened(GOOD.format("A-1").replace("Dana", "Elif"), mode=ImportMode.UPDATE))
    order = Order.objects.get()
    edit_order(order.pk, order.version, {"notes": "Ring twice"})

    undo_session(session)
    undo_import(session.pk)

    assert states(session) == ["kept"]
    assert Order.objects.get().recipient_name == "Elif Reyes"


def test_a_layout_nobody_knows_is_read_by_a_mapping_that_is_remembered():
    columns = ["Ref", "Article", "Pieces", "Who", "Where", "Town", "Region", "Code"]
    mapping = {
        "order_number": "Ref",
        "sku": "Article",
        "quantity": "Pieces",
        "name": "Who",
        "address_1": "Where",
        "city": "Town",
        "state": "Region",
        "postal_code": "Code",
    }
    row = "Z-1,MUG,2,Dana Reyes,1 Market Street,San Francisco,CA,94105"
    pieces = ["\n".join([",".join(columns), row]).encode()]
    session = open_session("odd.csv", pieces, source="file")
    read_import(session.pk)
    session.refresh_from_db()

    read_with_mapping(session, mapping, save_as="The odd ones")
    read_import(session.pk)

    assert states(session) == ["ready"]
    assert ColumnMapping.objects.get().columns == mapping
    second = open_session("odd2.csv", [pieces[0].replace(b"Z-1", b"Z-2")], source="file")
    read_import(second.pk)
    second.refresh_from_db()
    assert (second.state, states(second)) == ("preview", ["ready"])


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, HEADER.encode()])
def test_a_file_without_orders_is_refused_with_one_sentence(content):
    session = open_session("orders.csv", [content] if content else [], source="file")
    read_import(session.pk)

    session.refresh_from_db()
    assert session.state == ImportState.REFUSED
    assert session.problem.endswith(".")


def test_a_file_too_large_is_refused_before_it_is_kept(settings):
    settings.IMPORT_MAX_BYTES = 10

    with pytest.raises(DomainError, match="Split it"):
        open_session("orders.csv", file_of(*good("A-1")), source="file")

    assert not ImportSession.objects.exists()


def test_a_discarded_import_leaves_nothing_behind():
    session = opened(*good("A-1"))

    discard_session(session)

    assert session.state == ImportState.DISCARDED
    assert not ImportRow.objects.exists()
    with pytest.raises(DomainError, match="is “Discarded”"):
        discard_session(session)


def test_an_order_written_with_findings_keeps_those_of_the_reader():
    row = GOOD.format("A-1").replace("94105", "4105")
    applied(opened(row))

    assert Finding.objects.filter(order__number="A-1").exists()
    assert ImportRow.objects.get().state == RowState.CREATED


def test_undo_says_how_many_of_the_created_orders_were_changed_since():
    session = applied(opened(*good("A-1", "A-2")))
    order = Order.objects.get(number="A-1")
    edit_order(order.pk, order.version, {"notes": "Ring twice"})

    forecast = forecast_undo(session)

    assert (forecast.cancels, forecast.edited) == (2, 1)
