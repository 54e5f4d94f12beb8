"""Which format a header belongs to, and what its columns mean."""

import pytest

from orders.intake.formats import FIELDS, FORMATS, read_header, suggest_mapping
from tests.intake.files_given import NATIVE, csv_of, reading_of

HEADERS = {
    "shopify": "Name,Email,Created at,Lineitem quantity,Lineitem sku,Shipping Name,Shipping City",
    "amazon": "order-id,order-item-id,sku,quantity-to-ship,recipient-name,ship-city",
    "woocommerce": "Order Number,First Name (Shipping),City (Shipping),SKU,Item Cost,Quantity",
    "ebay": "Order Number,Item Number,Ship To Name,Ship To City,Custom Label,Quantity",
    "etsy": "Order ID,Transaction ID,Item Name,Ship Name,Ship City,SKU,Quantity",
    "veeqo": "number,shipping_address_city,shipping_address_first_name,sku,quantity",
    "native": ",".join(NATIVE),
    "other": "Order #,Customer,Street,City,SKU,Qty",
}
LOCAL = {
    "German": "Bestellnummer;Datum;Artikelnummer;Menge;Einzelpreis;Empfänger;Straße;PLZ;Ort;Land",
    "French": "N° de commande;Date;Référence;Qté;Prix unitaire;Destinataire;Adresse;CP;Ville;Pays",
    "Spanish": "Pedido;Fecha;Referencia;Cantidad;Precio;Destinatario;Calle;C.P.;Ciudad;País",
}
MEANT = (
    "order_number", "order_date", "sku", "quantity", "unit_price", "name", "address_1",
    "postal_code", "city", "country",
)  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_format_is_told_by_its_columns_in_any_order(name):
    columns = HEADERS[name].split(",")
    assert read_header(columns).name == name
    assert read_header(columns[::-1]).name == name


@pytest.mark.parametrize("language", LOCAL)
def test_columns_are_understood_in_other_languages(language):
    columns = LOCAL[language].split(";")
    header = read_header(columns)
    assert header.mapping == dict(zip(MEANT, columns, strict=True))
    assert header.unknown == []


def test_the_recipient_is_never_taken_from_the_payers_columns():
    columns = ["Order", "Billing Name", "Name", "Shipping City", "Billing City", "SKU", "Qty"]
    header = read_header(columns)
    assert (header.mapping["name"], header.mapping["city"]) == ("Name", "Shipping City")
    assert header.unknown == []


def test_every_field_of_every_format_is_one_of_ours():
    ours = {field.name for field in FIELDS}
    assert {name for shop in FORMATS for name in shop.fields} <= ours
    assert len(ours) == len(FIELDS)


def test_sku_and_quantity_are_the_required_fields():
    assert [field.name for field in FIELDS if field.is_required] == ["sku", "quantity"]


def test_a_mapping_is_suggested_for_columns_with_slips_in_their_names():
    columns = [
        "Order nmber",
        "Recipient nam",
        "Street adress",
        "City",
        "Postl code",
        "SKU",
        "Quantty",
    ]
    suggested = suggest_mapping(columns)
    assert suggested["quantity"] == "Quantty"
    assert suggested["postal_code"] == "Postl code"
    assert suggested["city"] == "City"
    assert set(suggested.values()) <= set(columns)


def test_a_format_that_was_named_is_used_even_where_it_was_not_recognised():
    columns = ["Name", "Shipping Name", "Shipping Address1", "Shipping Zip", "SKU", "Quantity"]
    row = ["#7", "Noor Vega", "12 Elm Street", "02139", "TEA-1", "1"]
    (read,) = reading_of(csv_of([columns, row]), format="shopify")
    assert (read.order.number, read.order.recipient.name) == ("#7", "Noor Vega")


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Province/State", "state"),
        ("ZIP/Postal", "postal_code"),
        ("Phone / Mobile", "phone"),
        ("Street or PO Box", "address_1"),
        ("First/Last Name", "name"),
        ("Item/SKU", "sku"),
        ("Name (required)*", "name"),
        ("Ship To Province/State", "state"),
        ("City, State ZIP", "place"),
        ("City/State/Zip", "place"),
    ],
)
def test_a_column_may_name_its_field_in_several_ways_at_once(column, name):
    assert read_header([column]).mapping == {name: column}


@pytest.mark.parametrize("column", ["Name (Billing Contact)", "Total/Tax", "City/Phone"])
def test_a_column_that_names_several_things_is_left_unknown(column):
    assert read_header([column]).unknown == [column]


@pytest.mark.parametrize(
    ("place", "city", "state", "code", "country"),
    [
        ("Reno, NV 89501", "Reno", "NV", "89501", "US"),
        ("Salt Lake City UT 84111-1234", "Salt Lake City", "UT", "84111-1234", "US"),
        ("Toronto ON M5H1A1", "Toronto", "ON", "M5H 1A1", "CA"),
        ("Sydney NSW 2000", "Sydney", "NSW", "2000", "AU"),
        ("Oxford OX1 4AB", "Oxford", "", "OX1 4AB", "GB"),
    ],
)
def test_city_state_and_code_may_stand_in_one_column(place, city, state, code, country):
    columns = ["Order", "Name", "Street", "City State ZIP", "SKU", "Qty"]
    order = reading_of(csv_of([columns, ["7", "Noor Vega", "12 Elm Street", place, "TEA-1", "1"]]))
    to = next(iter(order)).order.recipient
    assert (to.city, to.state, to.postal_code, to.country) == (city, state, code, country)
