"""One row for what each check notices: the order, the finding, its words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.checks import CODES, CheckedLine, check_order
from tests.orders.checked import (
    BASE,
    CLEAN,
    LINE,
    MONTREAL,
    MUG,
    line,
    order,
    with_lines,
    with_product,
    world,
)

ABROAD = replace(MUG, hs_code="", origin_country="")
NEAR = {"near_skus": lambda _sku: ("MUG-1", "MUG-2")}

# code, order, severity, field, part of the message, part of the next step, proposal, world
FINDINGS = [
    ("number_taken", order(is_number_taken=True), "error", "number",
     "There is already an order N-1 from shopify.", "another number", {}, {}),
    ("recipient_missing", order(recipient_name=""), "error", "recipient_name",
     "does not say who receives it", "Enter the recipient's name", {}, {}),
    ("recipient_only_company", order(recipient_name="", company="Byrne Looms"), "warning",
     "recipient_name", "names no person, only the company “Byrne Looms”", "Ask", {}, {}),
    ("recipient_long", order(recipient_name="Dana " * 12), "warning", "recipient_name",
     "has 60 characters", "Shorten", {}, {}),
    ("recipient_odd", order(recipient_name="12345"), "warning", "recipient_name",
     "“12345” has no letter in it", "original text", {}, {}),
    ("street_missing", order(address_1="", address_2=""), "error", "address_1",
     "The order has no street.", "Enter the street", {}, {}),
    ("street_missing", order(address_1=""), "error", "address_1",
     "the second address line says “Apt 4”", "Enter the street", {}, {}),
    ("street_without_number", order(address_1="Liberty St", address_2=""), "warning", "address_1",
     "“Liberty St” has no house number", "vouch", {}, {}),
    ("street_long", order(address_1="140 " + "Liberty " * 10), "warning", "address_1",
     "has 84 characters", "second line", {}, {}),
    ("city_missing", order(city=""), "error", "city",
     "The order has no city; ZIP 89501 is Reno, NV.", "Accept Reno", {"city": "Reno"}, {}),
    ("city_missing", order(MONTREAL, city=""), "error", "city",
     "The order has no city.", "Enter the city", {}, {}),
    ("city_typo", order(city="Rneo"), "warning", "city",
     "“Rneo” looks like Reno mistyped", "Accept Reno", {"city": "Reno"}, {}),
    ("city_unknown", order(city="Arcadia"), "warning", "city",
     "ZIP 89501 is Reno, NV; “Arcadia” is not among its names", "vouch", {"city": "Reno"}, {}),
    ("city_of_zip", order(city="Las Vegas"), "error", "postal_code",
     "ZIP 89501 is Reno, NV, but Las Vegas has ZIP 89101.", "Accept 89101",
     {"postal_code": "89101"}, {}),
    ("city_of_zip", order(city="Sparks"), "error", "postal_code",
     "but Sparks has ZIP 89431", "Ask the customer", {}, {}),
    ("city_beside_zip", order(city="Stead"), "info", "city",
     "Stead is beside it", "Nothing to do", {}, {}),
    ("state_missing", order(state=""), "error", "state",
     "The order has no state; ZIP 89501 is Reno, NV.", "Accept NV", {"state": "NV"}, {}),
    ("state_missing", order(MONTREAL, state=""), "error", "state",
     "H3A 0G4 lies in QC", "Accept QC", {"state": "QC"}, {}),
    ("state_missing", order(MONTREAL, state="", postal_code=""), "error", "state",
     "addresses in CA have one", "Enter the", {}, {}),
    ("state_unknown", order(MONTREAL, state="Mississippi"), "error", "state",
     "“Mississippi” is no province of CA", "Accept QC", {"state": "QC"}, {}),
    ("state_spelling", order(state="nevada"), "info", "state",
     "“nevada” is written NV on labels", "Accept NV", {"state": "NV"}, {}),
    ("state_of_zip", order(state="CA"), "error", "state",
     "ZIP 89501 lies in Reno, NV, not in CA.", "Accept NV", {"state": "NV"}, {}),
    ("state_of_zip", order(state="TX", city="Renno"), "error", "state",
     "not in TX", "Accept NV, Reno", {"state": "NV", "city": "Reno"}, {}),
    ("state_of_zip", order(state="TX", city="Arcadia"), "error", "state",
     "not in TX", "Correct the state or the ZIP", {}, {}),
    ("zip_of_state", order(city="San Francisco", state="CA"), "error", "postal_code",
     "does not lie in CA: it is Reno, NV. San Francisco, CA has ZIP 94105.", "Ask the customer",
     {}, {}),
    ("zip_of_state", order(city="San Francisco", state="CA", postal_code="84105"), "error",
     "postal_code", "ZIP 84105 does not lie in CA but in UT", "Accept 94105",
     {"postal_code": "94105"}, {}),
    ("state_of_postal_code", order(MONTREAL, state="ON"), "error", "state",
     "H3A 0G4 lies in QC, not in ON", "Accept QC", {"state": "QC"}, {}),
    ("postal_code_missing", order(postal_code=""), "error", "postal_code",
     "The order has no ZIP, and US needs one", "Enter the ZIP", {}, {}),
    ("postal_code_missing", order(postal_code="", city="Sparks"), "error", "postal_code",
     "Sparks, NV has only 89431", "Accept 89431", {"postal_code": "89431"}, {}),
    ("postal_code_missing", order(MONTREAL, postal_code=""), "error", "postal_code",
     "no postal code, and CA needs one", "as in H3Z 2Y7", {}, {}),
    ("postal_code_form", order(postal_code="ABCDE"), "error", "postal_code",
     "“ABCDE” is no ZIP of US", "Correct the ZIP", {}, {}),
    ("postal_code_form", order(postal_code="8950"), "error", "postal_code",
     "“8950” is no ZIP of US", "Correct the ZIP", {}, {}),
    ("postal_code_form", order(MONTREAL, postal_code="12345"), "error", "postal_code",
     "no postal code of CA", "Correct", {}, {}),
    ("postal_code_spelling", order(MONTREAL, postal_code="h3a0g4"), "info", "postal_code",
     "usually written H3A 0G4", "Accept", {"postal_code": "H3A 0G4"}, {}),
    ("postal_code_spelling", order(postal_code="895011234"), "info", "postal_code",
     "usually written 89501-1234", "Accept", {"postal_code": "89501-1234"}, {}),
    ("postal_code_zero",
     order(address_1="1 Main St", city="Cambridge", state="MA", postal_code="2139"), "warning",
     "postal_code", "lost its leading zero: 02139 lies in MA", "Accept 02139",
     {"postal_code": "02139"}, {}),
    ("zip_unknown", order(postal_code="89599"), "warning", "postal_code",
     "ZIP 89599 is not in the table of ZIPs; Reno, NV has ZIPs 89501 to 89502.", "vouch", {}, {}),
    ("country_missing", order(country=""), "error", "country",
     "does not say to which country", "two-letter", {}, {}),
    ("country_unknown", order(country="XX"), "error", "country",
     "“XX” is no country code", "two-letter code", {}, {}),
    ("country_unknown", order(MONTREAL, country="UK"), "error", "country",
     "“UK” is no country code", "Accept GB", {"country": "GB"}, {}),
    ("territory_as_country",
     order(city="San Juan", state="", postal_code="00901", country="PR"), "warning", "country",
     "Puerto Rico is written as a country", "Accept country US and state PR",
     {"country": "US", "state": "PR"}, {}),
    ("us_territory", order(city="San Juan", state="PR", postal_code="00901"), "info", "state",
     "goes to Puerto Rico", "Nothing to do", {}, {}),
    ("po_box", order(address_1="PO Box 88"), "info", "address_1",
     "“PO Box 88” is a PO box; only USPS delivers there", "USPS", {}, {}),
    ("po_box_carrier", order(address_1="P.O. Box 88", wanted_carrier="fedex"), "error",
     "address_1", "asks for FEDEX; only USPS delivers to PO boxes", "Choose USPS", {}, {}),
    ("military_address", BASE, "info", "address_1",
     "military address (APO AE); only USPS", "USPS", {}, {}),
    ("military_carrier", order(BASE, wanted_carrier="ups"), "error", "wanted_carrier",
     "asks for UPS; only USPS delivers to APO, FPO and DPO", "Choose USPS", {}, {}),
    ("military_line", order(BASE, address_1="12 Main St"), "warning", "address_1",
     "no military address line", "unit and the box", {}, {}),
    ("phone_missing", order(MONTREAL, phone=""), "info", "phone",
     "abroad without a phone number", "Ask the customer", {}, {}),
    ("phone_invalid", order(phone="+1775555"), "warning", "phone",
     "“+1775555” is not a phone number in use", "Correct", {}, {}),
    ("phone_invalid", order(phone="020 7946"), "warning", "phone",
     "not a phone number in use in US", "Correct", {}, {}),
    ("phone_form", order(phone="(775) 555-0142"), "info", "phone",
     "not in international form", "Accept +17755550142", {"phone": "+17755550142"}, {}),
    ("email_invalid", order(email="dana at example"), "warning", "email",
     "is not an e-mail address", "Correct it", {}, {}),
    ("email_typo", order(email="dana@gmial.com"), "warning", "email",
     "looks like gmail.com mistyped", "Accept dana@gmail.com", {"email": "dana@gmail.com"}, {}),
    ("no_lines", with_lines(), "error", "lines", "The order has no lines", "Add the lines", {}, {}),
    ("sku_missing", with_lines(line(sku="", product=None)), "error", "sku",
     "Line 1: there is no SKU; it is called “Mug”.", "Choose the product", {}, {}),
    ("sku_unknown", with_lines(line(sku="MUGG", product=None)), "error", "sku",
     "Line 1: there is no product with SKU “MUGG”. Most like it: MUG-1, MUG-2.",
     "Choose the product", {}, NEAR),
    ("product_inactive", with_product(is_active=False), "warning", "sku",
     "Line 1 (MUG): the product MUG is switched off", "another product", {}, {}),
    ("quantity_missing", with_lines(line(quantity=None)), "error", "quantity",
     "Line 1 (MUG): the quantity is missing", "how many", {}, {}),
    ("quantity_zero", with_lines(line(quantity=0)), "error", "quantity",
     "Line 1 (MUG): the quantity is 0", "remove the line", {}, {}),
    ("quantity_large", with_lines(line(quantity=1_001)), "warning", "quantity",
     "1,001 pieces are more than usual", "Ask", {}, {}),
    ("price_missing", with_lines(line(unit_price=None)), "info", "unit_price",
     "No line has a price", "Nothing to do", {}, {}),
    ("price_missing", with_lines(LINE, line(position=2, unit_price=None)), "info", "unit_price",
     "Line 2: there is no price", "Nothing to do", {}, {}),
    ("price_zero", with_lines(line(unit_price=Decimal(0))), "warning", "unit_price",
     "Line 1 (MUG): the price is 0", "gift", {}, {}),
    ("price_negative", with_lines(line(unit_price=Decimal(-5))), "error", "unit_price",
     "the price is -5", "0 or more", {}, {}),
    ("price_absurd", with_lines(line(unit_price=Decimal(1200))), "warning", "unit_price",
     "1200 USD for one piece is far from usual; the product's value is 12.00", "Correct", {}, {}),
    ("currency_missing", order(currency=""), "warning", "currency",
     "has prices but does not say in which currency", "three-letter", {}, {}),
    ("currency_unknown", order(currency="USX"), "error", "currency",
     "“USX” is no currency code", "three-letter", {}, {}),
    ("weight_missing", with_product(weight_grams=None), "warning", "sku",
     "MUG has no weight", "product's page", {}, {}),
    ("weight_implausible", with_product(weight_grams=400_000), "warning", "sku",
     "one MUG weighs 400 kg, more than a parcel may", "Check weight", {}, {}),
    ("weight_implausible", with_product(weight_grams=90_000), "warning", "sku",
     "weighs 90.0 kg but is worth only 12.00 USD", "Check weight", {}, {}),
    ("weight_implausible", with_product(weight_grams=1, value=Decimal(60)), "warning", "sku",
     "is worth 60 USD but weighs only 1 g", "Check weight", {}, {}),
    ("customs_missing", order(MONTREAL, lines=(line(product=ABROAD),)), "warning", "sku",
     "customs in CA will ask for an HS code and a country of origin", "product's page", {}, {}),
    ("order_date_future", order(order_date=date(2026, 3, 4)), "warning", "order_date",
     "2026-03-04 is in the future", "Correct", {}, {}),
    ("promise_before_order",
     order(order_date=date(2026, 3, 1), promise_date=date(2026, 2, 1)), "warning", "promise_date",
     "before it was placed on 2026-03-01", "Correct", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "checked", "severity", "field", "said", "next_step", "proposal", "asked"),
    FINDINGS,
    ids=[f"{number}-{row[0]}" for number, row in enumerate(FINDINGS)],
)
def test_a_check_says_what_and_where_and_what_to_do(
    code, checked, severity, field, said, next_step, proposal, asked
):
    verdict = check_order(checked, world(**asked))

    (found,) = [one for one in verdict.found if one.code == code]
    assert (found.severity, found.field) == (severity, field)
    assert said in found.message
    assert next_step in found.next_step
    assert found.details.get("after", {}) == proposal
    assert found.message.endswith(".")
    assert found.next_step.endswith(".")


def test_every_code_has_a_row_here():
    assert {row[0] for row in FINDINGS} == set(CODES)


@pytest.mark.parametrize(
    "checked",
    [
        CLEAN,
        MONTREAL,
        order(phone="", email=""),
        order(postal_code="89501-1234"),
        order(city="RENO"),
        order(city="lawton"),
        order(city="St. Mary", postal_code="89510"),
        order(address_1="One Liberty Plaza"),
        order(address_1="Liberty Tower", address_2="140 Liberty St"),
        order(company="Byrne Looms", order_date=date(2026, 3, 3)),
        order(email="d.o'neil+shop@mail.example.co.uk"),
        order(email="dana@mail.com"),
        order(email="dana@live.ca"),
        order(phone="+18005550199"),
        order(phone="+17755550142 x204"),
        order(phone="+442079460018"),
        order(address_1="12 Poboxer Lane"),
        with_lines(line(unit_price=Decimal("0.60"))),
        with_lines(line(unit_price=Decimal("240.00"))),
        with_lines(line(quantity=1_000)),
        with_product(value=Decimal(0)),
        with_product(value_currency="EUR", value=Decimal("0.10"), weight_grams=100),
    ],
    ids=repr,
)
def test_what_is_right_is_left_in_peace(checked):
    assert check_order(checked, world()).found == ()


@pytest.mark.parametrize(
    "street",
    [
        "PO Box 12", "P.O. Box 12", "p o box 12", "POB 12", "P.O.B. 12", "Post Office Box 12",
        "PO Box #12", "GPO Box 2388", "Locked Bag 7", "Postfach 11 02", "Apartado Postal 55",
        "Casilla 9", "Box 417", "BP 123", "PO Box No. 4",
    ],
)  # fmt: skip
def test_a_po_box_is_known_by_many_names(street):
    verdict = check_order(order(address_1=street, wanted_carrier="dhl"), world())

    assert "po_box_carrier" in [one.code for one in verdict.found]


@pytest.mark.parametrize("street", ["12 Box Elder Rd", "9 Boxwood Ct", "4 Mailbox Ln", "1 PMB Way"])
def test_a_street_with_a_box_in_its_name_is_no_po_box(street):
    assert check_order(order(address_1=street, wanted_carrier="ups"), world()).found == ()


def test_usps_may_go_to_boxes_and_bases():
    for checked in (order(address_1="PO Box 1", wanted_carrier="usps"), order(BASE)):
        assert not check_order(checked, world()).has_errors


def test_without_a_zip_table_no_zip_is_doubted_but_one_of_another_state_is():
    blind = world(places=type(world().places)(), has_places=False)

    assert check_order(CLEAN, blind).found == ()
    assert [one.code for one in check_order(order(state="CA"), blind).found] == ["zip_of_state"]


def test_a_line_finding_names_its_line():
    found = check_order(with_lines(LINE, CheckedLine(7, "CUP", 1)), world()).found

    assert {one.line_position for one in found if one.code == "sku_unknown"} == {7}
