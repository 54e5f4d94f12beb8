import csv
import io

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.errors import ImportRefused
from orders.models import ColumnMapping, ImportRow, ImportSession, ImportState, Order, RowState
from orders.services.imports.jobs import apply_import, read_import, undo_import
from orders.services.imports.rows import fix_row
from tests.factories import ColumnMappingFactory, ImportSessionFactory, OrderFactory, ProductFactory
from warehouses.models import Product

pytestmark = pytest.mark.django_db
UPLOAD = "/admin/orders/importsession/upload/"
HEADER = (
    "order_number,order_date,sku,item_name,quantity,unit_price,currency,recipient_name,company,"
    "address_1,address_2,city,state,postal_code,country,phone,email,shipping_method,notes"
)
GOOD = "N-1,2026-10-14,MUG,Mug,2,12.00,USD,Dana Reyes,,1 Market St,,San Francisco,CA,94105,US,,,,"
BAD = "N-2,2026-10-14,MUG,Mug,many,12.00,USD,Ken Adams,,12 Grove St,,Las Vegas,NV,89101,US,,,,"
OWN_WORDS = (
    "Ref;Who;Street name;Town;Post;Thing;Pieces\n7;Max Muster;Hauptstr. 1;Bonn;53111;MUG;2\n"
)
OWN_COLUMNS = {
    "column_order_number": "Ref",
    "column_name": "Who",
    "column_address_1": "Street name",
    "column_city": "Town",
    "column_postal_code": "Post",
    "column_sku": "Thing",
    "column_quantity": "Pieces",
}


@pytest.fixture
def clerk(client):
    user = User.objects.create_user("clerk", is_staff=True)
    for name in ("import_orders", "view_order", "view_importsession", "view_columnmapping"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(user)
    ProductFactory(sku="MUG")
    return client


def page(session, name="change", *more):
    return reverse(f"admin:orders_importsession_{name}", args=[session.pk, *more])


def upload(client, text, name="orders.csv"):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    values = {"file": file, "source": "web", "mode": "create", "format": "auto"}
    client.post(UPLOAD, values)
    session = ImportSession.objects.latest("pk")
    read_import(session.pk)
    session.refresh_from_db()
    return session


def messy(client):
    return upload(client, "\n".join([HEADER, GOOD, BAD]))


def applied(client):
    session = messy(client)
    client.post(page(session, "apply"))
    apply_import(session.pk)
    session.refresh_from_db()
    return session


def shown(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_nobody_uploads_or_fixes_by_only_looking(client):
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_importsession"))
    client.force_login(looker)
    session = ImportSessionFactory(rows=1)
    row = session.rows.get()

    assert client.get(page(session)).status_code == 200
    assert client.get(UPLOAD).status_code == 403
    for name, more in (("columns", ()), ("failed_rows", ()), ("row", (row.pk,))):
        assert client.get(page(session, name, *more)).status_code == 403
        assert client.post(page(session, name, *more)).status_code in {403, 405}


def test_progress_is_told_only_to_those_who_may_see_imports(client):
    client.force_login(User.objects.create_user("outsider", is_staff=True))

    assert client.get(page(ImportSessionFactory(), "progress")).status_code == 403


def test_every_form_of_an_import_wants_a_csrf_token(clerk):
    session = ImportSessionFactory(rows=1)
    clerk.handler.enforce_csrf_checks = True

    for address in (UPLOAD, page(session, "columns"), page(session, "row", session.rows.get().pk)):
        assert clerk.post(address).status_code == 403


def test_an_uploaded_file_is_read_and_shown_and_writes_no_order(clerk):
    session = messy(clerk)

    assert (session.state, session.source) == (ImportState.PREVIEW, "web")
    text = clerk.get(page(session)).text
    assert "N-1" in text
    assert "many" in text
    assert not Order.objects.exists()


def test_the_page_can_be_left_while_the_file_is_read(clerk):
    session = ImportSessionFactory(state=ImportState.READING, orders_done=1200)

    assert page(session, "progress") in clerk.get(page(session)).text
    answer = clerk.get(page(session, "progress")).json()
    assert answer["is_working"]
    assert answer["said"] == "Being read: 1,200 orders"


def test_a_file_without_a_source_is_not_taken(clerk):
    file = SimpleUploadedFile("orders.csv", b"a,b\n1,2\n")

    response = clerk.post(UPLOAD, {"file": file, "source": " ", "mode": "create", "format": "auto"})

    assert response.status_code == 400
    assert not ImportSession.objects.exists()


def test_a_file_over_the_limit_is_refused_with_a_sentence(clerk, settings):
    settings.IMPORT_MAX_BYTES = 10
    file = SimpleUploadedFile("orders.csv", b"a,b\n" * 10)

    response = clerk.post(UPLOAD, {"file": file, "source": "web", "mode": "both", "format": "auto"})

    assert "larger than" in response.text
    assert not ImportSession.objects.exists()


def test_rows_are_filtered_by_state_and_searched_by_number(clerk):
    session = messy(clerk)

    errors = clerk.get(page(session), {"state": "error"}).context["page"].object_list
    found = clerk.get(page(session), {"q": "n-1"}).context["page"].object_list
    nothing = clerk.get(page(session), {"q": "zzz"})

    assert [row.number for row in errors] == ["N-2"]
    assert [row.number for row in found] == ["N-1"]
    assert "No row matches" in nothing.text


def test_a_fixed_row_becomes_ready(clerk):
    session = messy(clerk)
    row = session.rows.get(number="N-2")

    opened = clerk.get(page(session, "row", row.pk))
    assert "many" in opened.text
    clerk.post(
        page(session, "row", row.pk),
        {"row-line0-sku": "MUG", "row-line0-quantity": "4", "row-city": "Henderson"},
    )

    row.refresh_from_db()
    assert row.state in {RowState.READY, RowState.WARNING}
    assert row.parsed["recipient"]["city"] == "Henderson"
    assert row.parsed["recipient"]["name"] == "Ken Adams"


def test_a_row_that_is_still_wrong_stays_open_and_says_why(clerk):
    session = messy(clerk)
    row = session.rows.get(number="N-2")

    sent = {"row-line0-sku": "MUG", "row-line0-quantity": "-1", "row-number": "N-2"}
    response = clerk.post(page(session, "row", row.pk), sent, follow=True)

    assert response.redirect_chain[-1][0] == page(session, "row", row.pk)
    assert "quantity" in shown(response)


def test_the_next_row_with_an_error_follows_when_asked_for(clerk):
    session = upload(clerk, "\n".join([HEADER, BAD, BAD.replace("N-2", "N-3")]))
    first, second = session.rows.order_by("position")

    sent = {"row-line0-sku": "MUG", "row-line0-quantity": "1", "next": "1"}
    response = clerk.post(page(session, "row", first.pk), sent)

    assert response.url == page(session, "row", second.pk)


def test_a_row_left_out_is_not_applied(clerk):
    session = messy(clerk)
    row = session.rows.get(number="N-1")

    clerk.post(page(session, "row", row.pk), {"skip": "1"})

    row.refresh_from_db()
    assert row.state == RowState.SKIPPED
    assert "No row is ready" in clerk.post(page(session, "apply")).text


def test_a_row_of_another_import_is_not_found(clerk):
    row = ImportSessionFactory(rows=1).rows.get()

    assert clerk.get(page(ImportSessionFactory(), "row", row.pk)).status_code == 404


def test_a_row_cannot_be_changed_while_the_import_is_applied(clerk):
    session = messy(clerk)
    ImportSession.objects.filter(pk=session.pk).update(state=ImportState.APPLYING)
    row = session.rows.get(number="N-1")

    response = clerk.post(page(session, "row", row.pk), {"row-city": "Reno"}, follow=True)

    assert "cannot be changed any more" in shown(response)
    row.refresh_from_db()
    assert row.parsed["recipient"]["city"] == "San Francisco"


def test_a_fix_that_comes_too_late_changes_nothing(clerk):
    row = messy(clerk).rows.select_related("session").get(number="N-1")
    # Another click has begun to apply the rows since this one was opened.
    ImportSession.objects.update(state=ImportState.APPLYING)

    with pytest.raises(ImportRefused):
        fix_row(row, {"city": "Reno"}, [])

    row.refresh_from_db()
    assert row.parsed["recipient"]["city"] == "San Francisco"


def test_the_failed_rows_come_back_as_a_file_that_says_why(clerk):
    session = messy(clerk)

    response = clerk.get(page(session, "failed_rows"))

    content = b"".join(response.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content))
    assert header[-1] == "Error"
    assert row[0] == "N-2"
    assert "many" in row[-1]
    assert "orders-failed-rows.csv" in response["Content-Disposition"]


def test_before_applying_staff_see_what_will_happen(clerk):
    session = messy(clerk)

    text = clerk.get(page(session, "apply")).text

    assert "<strong>1</strong> row will be applied" in text
    assert "1 row with errors stays behind" in text


def test_applied_rows_lead_to_their_orders(clerk):
    session = applied(clerk)

    order = Order.objects.get(number="N-1", source="web")
    assert reverse("admin:orders_order_change", args=[order.pk]) in clerk.get(page(session)).text


def test_before_undoing_staff_see_what_is_reversed_and_what_cannot_be(clerk):
    session = applied(clerk)
    sent = OrderFactory(routed=True, number="GONE")
    Order.objects.filter(pk=sent.pk).update(status="sent")
    row = session.rows.get(number="N-2")
    ImportRow.objects.filter(pk=row.pk).update(state=RowState.CREATED, order=sent)

    text = clerk.get(page(session, "undo")).text

    assert "<strong>1</strong> created order will be cancelled" in text
    assert "GONE" in text
    assert "Cancel it at the platform first" in text


def test_an_undone_import_cancels_what_it_created(clerk):
    session = applied(clerk)

    clerk.post(page(session, "undo"))
    undo_import(session.pk)

    assert Order.objects.get().status == "cancelled"
    assert clerk.get(page(session)).context["session"].state == ImportState.UNDONE


def test_a_discarded_import_is_gone_for_good(clerk):
    session = messy(clerk)

    clerk.post(page(session, "discard"))

    assert not ImportRow.objects.filter(session=session).exists()
    assert "deleted" in clerk.get(page(session)).text


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (ImportState.READING, set()),
        (ImportState.REFUSED, {"discard"}),
        (ImportState.PREVIEW, {"apply", "discard"}),
        (ImportState.DONE, {"undo"}),
        (ImportState.UNDONE, set()),
    ],
)
def test_a_session_offers_only_what_it_can_do_now(clerk, state, buttons):
    session = ImportSessionFactory(state=state)

    offered = clerk.get(page(session)).context["actions_detail"]

    assert {one["path"].rstrip("/").rsplit("/", 1)[-1] for one in offered} == buttons


def test_what_was_fixed_after_an_import_can_be_applied_too(clerk):
    session = applied(clerk)
    row = session.rows.get(number="N-2")

    clerk.post(page(session, "row", row.pk), {"row-line0-sku": "MUG", "row-line0-quantity": "1"})

    assert "Apply 1 row…" in clerk.get(page(session)).text
    clerk.post(page(session, "apply"))
    apply_import(session.pk)
    assert set(Order.objects.values_list("number", flat=True)) == {"N-1", "N-2"}


def test_columns_of_an_unknown_layout_are_chosen_by_hand_and_remembered(clerk):
    session = upload(clerk, OWN_WORDS)
    opened = clerk.get(page(session, "columns")).text
    assert "Max Muster" in opened

    clerk.post(page(session, "columns"), OWN_COLUMNS | {"save_as": "Bonn shop"})
    read_import(session.pk)
    again = upload(clerk, OWN_WORDS.replace("7;", "8;"))

    assert ColumnMapping.objects.get().name == "Bonn shop"
    assert [row.number for row in session.rows.all()] == ["7"]
    row = again.rows.get()
    assert (row.number, row.parsed["recipient"]["city"]) == ("8", "Bonn")


def test_columns_are_not_taken_without_any_choice(clerk):
    session = upload(clerk, OWN_WORDS)

    response = clerk.post(page(session, "columns"), {"save_as": ""})

    assert response.status_code == 400
    assert "Choose a column" in response.text


def test_a_picture_has_no_columns_to_choose(clerk):
    session = upload(clerk, "\x89PNG\r\n\x1a\n\x00\x00", "orders.csv")

    assert session.state == ImportState.REFUSED
    assert clerk.get(page(session, "columns")).status_code == 200
    assert "The file was refused" in clerk.get(page(session)).text


def test_markup_in_a_file_is_shown_and_not_run(clerk):
    session = upload(clerk, "\n".join([HEADER, GOOD.replace("Dana", "<script>alert(1)</script>")]))
    row = session.rows.get()

    for text in (clerk.get(page(session)).text, clerk.get(page(session, "row", row.pk)).text):
        assert "<script>alert" not in text


def test_the_same_file_again_is_pointed_out(clerk):
    applied(clerk)

    assert "very same file was applied before" in clerk.get(page(messy(clerk))).text


def test_the_page_of_an_import_costs_the_same_queries_for_one_row_as_for_fifty(clerk):
    small, large = ImportSessionFactory(rows=1), ImportSessionFactory(rows=50)
    ImportRow.objects.filter(session=large).update(order=OrderFactory())
    clerk.get(page(small))
    with CaptureQueriesContext(connection) as one:
        clerk.get(page(small))
    with CaptureQueriesContext(connection) as many:
        assert len(clerk.get(page(large)).context["page"].object_list) == 50

    assert len(many) == len(one), "\n".join(q["sql"][:200] for q in many.captured_queries)


PRODUCTS = "/admin/orders/importsession/products/"


def send_products(client, **values):
    text = "sku,title,price,weight_grams\nCUP-1,Cup,4.50,120\nCUP-2,Cup,cheap,120\n"
    return client.post(PRODUCTS, {"file": SimpleUploadedFile("c.csv", text.encode())} | values)


def test_a_catalogue_is_only_looked_at_until_it_is_to_be_written(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))

    looked = send_products(client, is_dry_run="on")
    assert not Product.objects.exists()
    assert "1 created" in looked.text
    written = send_products(client)

    assert Product.objects.get().sku == "CUP-1"
    assert "Row 3" in written.text


def test_products_are_imported_only_by_those_who_may_add_and_change_them(clerk):
    assert send_products(clerk).status_code == 403
    assert not Product.objects.filter(sku="CUP-1").exists()


def test_a_saved_layout_is_deleted_only_with_the_permission(clerk):
    mapping = ColumnMappingFactory()
    address = reverse("admin:orders_columnmapping_delete", args=[mapping.pk])
    assert clerk.post(address, {"post": "yes"}).status_code == 403

    clerk.force_login(User.objects.create_superuser("boss", password="x"))
    clerk.post(address, {"post": "yes"})

    assert not ColumnMapping.objects.exists()
