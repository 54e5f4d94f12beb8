"""/imports and /orders/parse: a file on its way in, over HTTP."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from orders.models import ImportRow, ImportSession, Order
from orders.services.imports.jobs import apply_import, read_import, undo_import
from tests.factories import OrderFactory, ProductFactory, ZipCentroidFactory
from tests.orders.api import IMPORTS, ORDERS, errors_of, token_client

pytestmark = pytest.mark.django_db
HEADER = (
    "order_number,recipient_name,phone,email,address_1,city,state,postal_code,country,currency,"
    "sku,quantity,unit_price\n"
)


@pytest.fixture
def api():
    ProductFactory(sku="MUG")
    ZipCentroidFactory()
    return token_client()


def row(number, sku="MUG", quantity="1"):
    return (
        f"{number},Dana Reyes,+17755550142,dana@example.com,{number} Mill Street,Reno,NV,89501,US,"
        f"USD,{sku},{quantity},12.50\n"
    )


TWO_ORDERS = HEADER + row("A-1") + row("A-2")


def upload(client, text=TWO_ORDERS, name="orders.csv", **fields):
    body = text if isinstance(text, bytes) else text.encode()
    headers = {"Idempotency-Key": fields.pop("key")} if "key" in fields else {}
    fields = {"file": SimpleUploadedFile(name, body), **fields}
    return client.post(IMPORTS, fields, format="multipart", headers=headers)


def read(client, *arguments, **fields):
    """Uploaded, and read as the worker would; returns its address."""
    answer = upload(client, *arguments, **fields)
    assert answer.status_code == 202, answer.content
    read_import(answer.json()["id"])
    return answer["Location"]


def applied(client, *arguments):
    address = read(client, *arguments)
    assert client.post(f"{address}/apply").status_code == 202
    apply_import(ImportSession.objects.get().pk)
    return address


def test_a_file_is_kept_and_says_where_its_progress_is(api):
    answer = upload(api)

    session = ImportSession.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"{IMPORTS}/{session.pk}" == answer.json()["links"]["self"]
    assert answer.json()["state"] == "reading"
    assert (session.source, session.file_name) == ("api:bridge", "orders.csv")
    assert not Order.objects.exists()


def test_what_was_read_can_be_looked_at_before_anything_is_written(api):
    address = read(api, HEADER + row("A-1") + row("A-2", quantity="none"))

    session = api.get(address).json()
    rows = api.get(f"{address}/rows").json()["results"]

    assert session["state"] == "preview"
    assert session["progress"] == {"done": 2, "total": 2}
    assert sum(session["counts"].values()) == 2
    assert session["counts"]["error"] == 1
    assert [(one["number"], one["rows"]) for one in rows] == [("A-1", [2]), ("A-2", [3])]
    assert rows[1]["state"] == "error"
    assert rows[1]["problem"]
    assert not Order.objects.exists()


def test_applying_makes_the_orders_and_links_them(api):
    address = applied(api)

    rows = api.get(f"{address}/rows", {"state": "created"}).json()["results"]

    assert api.get(address).json()["state"] == "done"
    assert [one["order"] for one in rows] == [
        f"{ORDERS}/{order.pk}" for order in Order.objects.order_by("number")
    ]


def test_an_import_can_be_undone(api):
    address = applied(api)

    assert api.post(f"{address}/undo").status_code == 202
    undo_import(ImportSession.objects.get().pk)

    assert api.get(address).json()["state"] == "undone"
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}


def test_only_the_rows_that_failed_come_back_as_a_file(api):
    address = read(api, HEADER + row("A-1") + row("A-2", quantity="none"))

    answer = api.get(f"{address}/failures", headers={"Accept": "text/csv"})

    assert answer["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert lines[0][-1] == "Error"
    assert [line[0] for line in lines[1:]] == ["A-2"]
    assert lines[1][-1]


def test_a_problem_is_a_problem_for_those_who_want_csv_too(api):
    answer = api.get(f"{IMPORTS}/1/failures", headers={"Accept": "text/csv"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_nothing_is_applied_before_the_file_was_read(api):
    address = upload(api)["Location"]

    for act in ("apply", "undo"):
        answer = api.post(f"{address}/{act}")
        assert (answer.status_code, answer.json()["code"]) == (409, "import_refused")


def test_a_file_that_is_none_is_refused_in_a_sentence(api):
    address = read(api, b"\x7fELF\x00\x01\x02" * 50, name="orders.csv")

    session = api.get(address).json()

    assert session["state"] == "refused"
    assert session["problem"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mode": "replace"}, "mode"),
        ({"format": "fax"}, "format"),
        ({"source": "shopify"}, "source"),
        ({"colour": "red"}, "colour"),
        ({"file": "no file"}, "file"),
    ],
)
def test_a_field_that_does_not_fit_is_named(api, fields, field):
    answer = upload(api, **fields)

    assert answer.status_code == 400
    assert field in errors_of(answer)
    assert not ImportSession.objects.exists()


def test_a_format_may_be_named_here_and_for_the_command(api, tmp_path, capsys):
    assert upload(api, format="shopify").status_code == 202

    file = tmp_path / "orders.csv"
    file.write_text(TWO_ORDERS)
    call_command("import_orders", str(file), "--format", "native", "--dry-run")
    assert "2 created" in capsys.readouterr().out


def test_an_upload_without_a_file_is_refused(api):
    assert api.post(IMPORTS, {}, format="multipart").status_code == 400
    assert api.post(IMPORTS, {"file": "x"}, format="json").status_code == 415


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(api, settings):
    settings.IMPORT_MAX_BYTES = 1_000

    assert upload(api, "x" * 1_100_000).status_code == 413
    # Little enough to be received, and still too large to be kept.
    assert upload(api, "x" * 2_000).status_code == 413
    assert not ImportSession.objects.exists()


def test_a_repeated_key_keeps_the_file_once(api):
    first, second = upload(api, key="k"), upload(api, key="k")

    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert ImportSession.objects.count() == 1
    assert upload(api, HEADER + row("A-3"), key="k").status_code == 422


def test_a_client_sees_only_its_own_imports(api):
    address = read(api)
    other = token_client(client="other")

    for path in ("", "/rows", "/failures"):
        assert api.get(f"{address}{path}").status_code == 200
        assert other.get(f"{address}{path}").status_code == 404
    assert other.post(f"{address}/apply").status_code == 404


def test_staff_see_every_import(api, staff):
    address = read(api)
    staff.user_permissions.add(Permission.objects.get(codename="import_orders"))
    client = APIClient()
    client.force_login(staff)

    assert client.get(address).status_code == 200
    assert upload(client, source="phone").json()["source"] == "phone"


def test_importing_needs_its_own_scope():
    assert upload(token_client("orders:write", "orders:read")).status_code == 403


@pytest.mark.parametrize("path", ["", "/rows"])
def test_many_rows_cost_the_queries_of_one(api, path):
    address = read(api, HEADER + row("A-1"))
    session = ImportSession.objects.get()
    api.get(address + path)
    with CaptureQueriesContext(connection) as few:
        api.get(address + path)
    (one,) = ImportRow.objects.all()
    for position in range(2, 40):
        one.pk, one.position, one.order = None, position, OrderFactory()
        one.save()
    with CaptureQueriesContext(connection) as many:
        assert api.get(address + path).status_code == 200

    assert session.rows.count() == 39
    assert len(few) == len(many)


def parse(client, text):
    return client.post(f"{ORDERS}/parse", {"text": text}, format="json")


def test_a_paste_is_understood_and_nothing_is_written(api):
    answer = parse(api, "Dana Reyes, 120 Mill Street, Reno, NV 89501\n2 x MUG")

    assert answer.status_code == 200
    (order,) = answer.json()["orders"]
    assert order["recipient"]["city"] == "Reno"
    assert set(answer.json()) == {"format", "orders", "findings", "rejected"}
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": 7}, 400),
        ({"text": None}, 400),
        ({"text": "a\x00b"}, 400),
        ({"text": "x", "mode": "y"}, 400),
        ([], 400),
        ({"text": ""}, 200),
        ({"text": "x" * 500_001}, 413),
    ],
)
def test_a_text_that_is_none_is_refused(api, body, status):
    assert api.post(f"{ORDERS}/parse", body, format="json").status_code == status
