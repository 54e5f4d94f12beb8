"""The commands of the intake: what they print, what they write, and with which status they end."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from tests.factories import ProductFactory, ZipCentroidFactory

pytestmark = pytest.mark.django_db
HEADER = (
    "order_number,recipient_name,address_1,city,state,postal_code,country,currency,"
    "sku,quantity,unit_price\n"
)
ROW = "{number},Dana Reyes,120 Mill Street,Reno,NV,89501,US,USD,{sku},{quantity},12.50\n"


def row(number="N-1", sku="MUG-BLU", quantity="2"):
    return ROW.format(number=number, sku=sku, quantity=quantity)


@pytest.fixture
def world(db):
    ProductFactory(sku="MUG-BLU")
    ZipCentroidFactory()


@pytest.fixture
def imported(world, tmp_path):
    def run(*rows, **options):
        file = tmp_path / "orders.csv"
        file.write_text(HEADER + "".join(rows), encoding="utf-8")
        out = io.StringIO()
        call_command("import_orders", str(file), json=True, stdout=out, **options)
        return json.loads(out.getvalue())

    return run


def counts(answer):
    return [answer[state] for state in ("created", "updated", "unchanged", "failed")]


def pasted(text, monkeypatch, *arguments):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    out = io.StringIO()
    call_command("parse_paste", *arguments, stdout=out)
    return out.getvalue()


def test_a_file_given_twice_creates_its_orders_once(imported):
    rows = row(), row("N-2"), row("N-3", quantity="two")
    assert counts(imported(*rows)) == [2, 0, 0, 1]
    assert counts(imported(*rows)) == [0, 0, 2, 1]
    assert Order.objects.count() == 2


def test_a_dry_run_prints_it_all_and_writes_nothing(imported):
    answer = imported(row(), dry_run=True)
    assert counts(answer) == [1, 0, 0, 0]
    assert answer["orders"][0]["recipient"]["city"] == "Reno"
    assert not Order.objects.exists()


def test_the_mode_says_what_becomes_of_new_and_of_known_orders(imported):
    imported(row())
    changed = row(quantity="5"), row("N-2")
    assert counts(imported(*changed)) == [1, 0, 0, 1]
    assert counts(imported(*changed, mode="update")) == [0, 1, 1, 0]
    assert counts(imported(row(quantity="6"), row("N-4"), mode="update")) == [0, 1, 0, 1]
    assert counts(imported(row(quantity="7"), row("N-5"), mode="both")) == [1, 1, 0, 0]


def test_the_same_number_from_another_source_is_another_order(imported):
    imported(row())
    assert counts(imported(row(), source="shop")) == [1, 0, 0, 0]
    assert set(Order.objects.values_list("source", flat=True)) == {"file", "shop"}


def test_a_refused_file_ends_with_an_error_and_a_sentence(world, tmp_path):
    file = tmp_path / "empty.csv"
    file.touch()
    out = io.StringIO()
    with pytest.raises(CommandError, match="refused"):
        call_command("import_orders", str(file), stdout=out)
    assert "The file is empty" in out.getvalue()


def test_a_paste_is_printed_with_the_skus_that_the_catalogue_lacks(world, monkeypatch):
    text = "Dana Reyes, 120 Mill Street, Reno NV 89501\n2 x MUG-BLU\n1 x MUG-BLUE"
    answer = json.loads(pasted(text, monkeypatch, "--json"))
    assert [line["sku"] for line in answer["orders"][0]["lines"]] == ["MUG-BLU", "MUG-BLUE"]
    (finding,) = answer["findings"]
    assert (finding["row"], finding["code"]) == (3, "sku_unknown")
    assert "Did you mean MUG-BLU?" in finding["message"]
    assert not Order.objects.exists()


def test_a_paste_is_told_in_words_too(world, monkeypatch):
    said = pasted("Dana Reyes, 120 Mill Street, Reno NV 89501", monkeypatch)
    assert "1 understood." in said
    assert "Dana Reyes · 120 Mill Street · Reno NV 89501 US" in said
