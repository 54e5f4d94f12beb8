"""A clerk's morning in a real browser: paste orders, import a file, take it back."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from orders.models import ImportSession, ImportState, Order
from orders.services.imports.jobs import apply_import, read_import, undo_import
from tests.browser import opened_page
from tests.factories import CarrierFactory, ProductFactory, WarehouseFactory, ZipCentroidFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """NV\tFedEx\tDana\tReyes\t775-555-0142\tdana@example.com\t1 Market St\tApt 4\tReno\tNV\t89501\tUS\t0\t2.5
Maria Lopez, 742 Evergreen Ter, Springfield, IL 62704, (217) 555-0133, maria@example.org
Sam Tan\t5 King St W\tToronto\tON\tM5H 1A1\tCanada
Ken Adams 12 Grove St Las Vegas NV 89101

Jürgen Müller
Hauptstraße 12
80331 München
Germany
1 x MUG-BLU"""  # noqa: E501  # a row of the merchant's own sheet is one line
FILE = """order_number,order_date,sku,item_name,quantity,unit_price,currency,recipient_name,address_1,city,state,postal_code,country,Gift wrap
N-1,2026-10-14,MUG-BLU,Mug,2,"$12.00",USD,Dana Reyes,1 Market St,San Francisco,CA,94105,US,yes
N-2,2026-10-14,MUG-BLU,Mug,two hundred,12.00,USD,Ken Adams,12 Grove St,Las Vegas,NV,89101,US,no
,,,,,,,,,,,,,
Total,,,,202,,,,,,,,,
"""  # noqa: E501  # the header of a spreadsheet is one line


@pytest.fixture
def world(transactional_db):
    CarrierFactory(code="fedex", name="FedEx")
    WarehouseFactory()
    ProductFactory(sku="MUG-BLU")
    ZipCentroidFactory()
    User.objects.create_superuser("boss", password="crossdock")


def sign_in(page, site):
    page.goto(f"{site.url}/admin/login/")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", "crossdock")
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def test_a_clerk_pastes_orders_imports_a_file_and_takes_it_back(live_server, world):
    with opened_page() as page:
        sign_in(page, live_server)
        paste_five_and_correct_one(page, live_server)
        session = upload_a_messy_file(page, live_server)
        fix_the_row_with_the_error(page)
        apply_and_undo(page, session)


def paste_five_and_correct_one(page, site):
    page.goto(f"{site.url}/admin/orders/order/")
    page.click("#header-inner >> text=New from text")
    page.fill("[name=text]", PASTE)
    page.click("text=Read the text")
    assert page.locator(".ix-card").count() == 5

    german = page.locator(".ix-card").nth(4)
    german.locator("mark", has_text="München").click()
    city = german.get_by_label("City")
    assert city.evaluate("input => input === document.activeElement")
    assert "is-lit" in german.locator("mark", has_text="München").get_attribute("class")

    first = page.locator(".ix-card").nth(0)
    first.get_by_label("SKU of a new line").fill("MUG-BLU")
    first.get_by_label("Quantity of a new line").fill("3")
    first.get_by_label("Name", exact=True).fill("Dana R. Reyes")
    page.click("text=Create orders")
    page.wait_for_selector("text=5 orders created")

    order = Order.objects.get(recipient_name="Dana R. Reyes")
    assert (order.lines.get().quantity, order.wanted_carrier.name) == (3, "FedEx")
    assert Order.objects.count() == 5


def upload_a_messy_file(page, site):
    page.goto(f"{site.url}{reverse('admin:orders_importsession_upload')}")
    file = {"name": "web orders.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.set_input_files("[name=file]", file)
    page.fill("[name=source]", "web")
    page.click("text=Upload and look")
    page.wait_for_selector("[data-progress]")
    session = ImportSession.objects.get()
    read_import(session.pk)
    page.wait_for_selector("text=Waiting for you")  # the page follows by itself
    assert page.locator("tbody >> text=two hundred").count() == 1
    return session


def fix_the_row_with_the_error(page):
    page.click(".ix-chip:has-text('Error')")
    page.click(".ix-table a:text-is('Fix')")
    page.get_by_label("Quantity of line 1").fill("20")
    page.click("button[name=save]")
    page.wait_for_selector(".ix-chip:has-text('All')")
    assert page.locator(".ix-chip:has-text('Error')").count() == 0


def apply_and_undo(page, session):
    page.click("a:has-text('Apply 2 rows')")
    page.click("button:has-text('Apply')")
    page.wait_for_selector("[data-progress]")
    apply_import(session.pk)
    page.wait_for_selector("a:has-text('Undo')")
    assert Order.objects.filter(source="web").count() == 2

    page.click("a:has-text('Undo')")
    page.wait_for_selector("text=2 created orders will be cancelled")
    page.click("button:has-text('Undo')")
    page.wait_for_selector("[data-progress]")
    undo_import(session.pk)
    page.wait_for_selector(".ix-chip:has-text('Undone')")
    assert {order.status for order in Order.objects.filter(source="web")} == {"cancelled"}
    session.refresh_from_db()
    assert session.state == ImportState.UNDONE
