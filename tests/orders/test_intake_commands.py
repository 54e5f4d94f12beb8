"""The three commands of intake, as scripts and strangers use them."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from orders.models import Order, OrderEvent
from tests.factories import ProductFactory, ZipCentroidFactory
from warehouses.models import Product

pytestmark = pytest.mark.django_db

HEADER = (
    "order_number,sku,quantity,unit_price,currency,recipient_name,address_1,city,state,"
    "postal_code,country,phone,email,gift"
)
PLACE = "San Francisco,CA,94105,US"
ORDERS = f"""{HEADER}
A-1,MUG,1,12.50,USD,Dana Reyes,1 Market Street,{PLACE},+14155550142,dana@example.com,yes

A-2,MUG,zero,12.50,USD,Elif Kaya,2 Market Street,{PLACE},+14155550143,elif@example.com,no
"""


@pytest.fixture(autouse=True)
def catalogue():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")
    ProductFactory(sku="MUG", weight_grams=400)


@pytest.fixture
def orders_file(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path


def run(*command, **options):
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def answer(*command):
    return json.loads(run(*command, "--json"))


def test_the_answer_has_every_key_and_rows_as_a_spreadsheet_counts_them(orders_file):
    said = answer("import_orders", str(orders_file))

    assert {key: said[key] for key in ("format", "created", "updated", "unchanged", "failed")} == {
        "format": "native",
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "failed": 1,
    }
    first, second = said["orders"]
    assert (first["number"], first["rows"], first["lines"][0]["row"]) == ("A-1", [2], 2)
    assert second["rows"] == [4]
    assert first["recipient"]["postal_code"] == "94105"
    assert [(f["row"], f["field"]) for f in said["findings"] if f["severity"] == "error"] == [
        (4, "quantity")
    ]
    assert said["unknown_columns"] == ["gift"]


def test_importing_again_changes_nothing(orders_file):
    run("import_orders", str(orders_file))
    events = OrderEvent.objects.count()

    said = answer("import_orders", str(orders_file))

    assert (said["created"], said["unchanged"]) == (0, 1)
    assert OrderEvent.objects.count() == events


def test_a_dry_run_prints_it_all_and_writes_nothing(orders_file):
    dry = answer("import_orders", str(orders_file), "--dry-run")
    assert not Order.objects.exists()

    real = answer("import_orders", str(orders_file))
    assert (dry["created"], dry["findings"]) == (real["created"], real["findings"])


def test_the_source_is_the_one_given_or_the_shop(orders_file):
    run("import_orders", str(orders_file), "--source", "fair")
    run("import_orders", str(orders_file))

    assert set(Order.objects.values_list("source", flat=True)) == {"fair", "file"}


def test_a_refused_file_says_why_and_fails_the_script(tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))

    with pytest.raises(CommandError, match="was refused"):
        run("import_orders", str(path))
    said = answer("import_orders", str(path))
    assert (said["orders"], len(said["findings"])) == ([], 1)


def test_a_file_that_is_not_there_is_one_sentence():
    with pytest.raises(CommandError, match=r"There is no file nowhere\.csv"):
        run("import_orders", "nowhere.csv")


def pasted(text, monkeypatch, *flags):
    stream = io.TextIOWrapper(io.BytesIO(text.encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    return run("parse_paste", *flags)


def test_a_paste_is_answered_with_its_text_and_spans(monkeypatch):
    text = "Dana Reyes\t4155550142\t1 Market Street\tSan Francisco\tCA\t94105\tUS"

    said = json.loads(pasted(text, monkeypatch, "--json"))

    (order,) = said["orders"]
    assert order["text"] == text
    (start, end), *_rest = order["spans"]["name"]
    assert text[start:end] == "Dana Reyes"
    assert (order["phone"], said["findings"]) == ("+14155550142", [])
    assert not Order.objects.exists()


def test_a_paste_is_told_to_people_too(monkeypatch):
    said = pasted("Dana Reyes, 1 Market Street, San Francisco, CA 94105", monkeypatch)

    assert said.startswith("1 understood.")
    assert "Dana Reyes · 1 Market Street · San Francisco CA 94105 US" in said


@pytest.fixture
def catalogue_file(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_text(
        "sku,title,price,currency,weight_grams\n"
        'CAP,"Cap, blue",9.50,USD,120\n'
        "mug,Mug of clay,14.50,USD,420\n"
        ",No number,1,USD,1\n"
    )
    return path


def test_a_catalogue_adds_and_corrects_products_once(catalogue_file):
    first = answer("import_products", str(catalogue_file))
    events = AuditEvent.objects.count()
    second = answer("import_products", str(catalogue_file))

    assert [first[key] for key in ("created", "updated", "unchanged", "failed")] == [1, 1, 0, 1]
    assert [second[key] for key in ("created", "updated", "unchanged", "failed")] == [0, 0, 2, 1]
    assert AuditEvent.objects.count() == events == 2
    cap, mug = Product.objects.order_by("sku")
    assert (cap.title, cap.value, cap.weight_grams) == ("Cap, blue", 9.5, 120)
    assert (mug.sku, mug.title, mug.weight_grams) == ("MUG", "Mug of clay", 420)


def test_a_catalogue_without_a_weight_column_leaves_weights_alone(tmp_path):
    path = tmp_path / "titles.csv"
    path.write_text("sku,title\nMUG,Mug of clay\n")

    run("import_products", str(path))

    assert Product.objects.get(sku="MUG").weight_grams == 400


def test_the_mode_says_what_becomes_of_new_and_of_known_orders(tmp_path):
    def counts(number, quantity, *options):
        path = tmp_path / "orders.csv"
        path.write_text(ORDERS.replace("A-1,MUG,1", f"{number},MUG,{quantity}").split("\nA-2")[0])
        said = answer("import_orders", str(path), *options)
        return [said[state] for state in ("created", "updated", "unchanged", "failed")]

    assert counts("A-1", 1) == [1, 0, 0, 0]
    assert counts("A-1", 5) == [0, 0, 0, 1]
    assert counts("A-1", 5, "--mode", "update") == [0, 1, 0, 0]
    assert counts("B-2", 5, "--mode", "update") == [0, 0, 0, 1]
    assert counts("A-1", 6, "--mode", "both") == [0, 1, 0, 0]
    assert counts("B-2", 6, "--mode", "both") == [1, 0, 0, 0]


def test_a_paste_names_the_skus_that_the_catalogue_lacks(monkeypatch):
    text = "Dana Reyes, 1 Market St, San Francisco CA 94105\n2 x MUG\n1 x MUG-2"
    said = json.loads(pasted(text, monkeypatch, "--json"))
    assert [line["sku"] for line in said["orders"][0]["lines"]] == ["MUG", "MUG-2"]
    (finding,) = [one for one in said["findings"] if one["field"] == "sku"]
    assert (finding["row"], finding["code"]) == (3, "sku_unknown")
    assert "Did you mean MUG?" in finding["message"]
