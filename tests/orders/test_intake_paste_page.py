import html
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order, OrderStatus
from tests.factories import CarrierFactory, CarrierServiceFactory, OrderFactory, ProductFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/orders/order/from-text/"
DANA = "Dana Reyes\t1 Market St\tSan Francisco\tCA\t94105\tUS\t775-555-0142"
KEN = "Ken Adams\t12 Grove St\tLas Vegas\tNV\t89101\tUS"


@pytest.fixture
def clerk(client):
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.add(
        Permission.objects.get(codename="import_orders"),
        Permission.objects.get(codename="view_order"),
    )
    client.force_login(user)
    return client


def read(client, text):
    return client.post(PAGE, {"text": text})


def fields_of(response):
    """What a browser would send back: every input of the review, as it is filled in."""
    values = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', response.text))
    values["review"] = response.context["sealed"]
    for card in response.context["result"].cards:
        for field in card.fields:
            values[f"{card.prefix}-{field.name}"] = field.value
    values.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in values.items() if name.startswith(("o", "review"))}


def create(client, response, **changes):
    sent = fields_of(response) | {name.replace("__", "-"): v for name, v in changes.items()}
    return client.post(PAGE, sent)


def test_nobody_pastes_without_the_permission_to_import(client):
    client.force_login(User.objects.create_user("looker", is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"text": DANA}).status_code == 403


def test_a_paste_without_a_csrf_token_is_refused(clerk):
    clerk.handler.enforce_csrf_checks = True

    assert clerk.post(PAGE, {"text": DANA}).status_code == 403


def test_reading_a_text_creates_nothing(clerk):
    response = read(clerk, DANA)

    assert "Dana Reyes" in response.text
    assert not Order.objects.exists()


def test_each_field_is_marked_in_the_text_that_it_was_read_from(clerk):
    response = read(clerk, f"{DANA}\n{KEN}")

    second = response.context["result"].cards[1]
    marked = {piece.field: piece.text for piece in second.pieces if piece.field}
    assert "".join(piece.text for piece in second.pieces) == second.order.text
    assert (marked["name"], marked["city"]) == ("Ken Adams", "Las Vegas")


def test_a_phone_is_shown_nationally_and_kept_internationally(clerk):
    review = read(clerk, DANA)

    assert "(775) 555-0142" in review.text
    create(clerk, review)
    assert Order.objects.get().phone == "+17755550142"


def test_a_phone_typed_by_a_person_is_read_for_the_orders_country(clerk):
    create(clerk, read(clerk, DANA), o0__phone="415 555 0199")

    assert Order.objects.get().phone == "+14155550199"


def test_what_was_corrected_is_what_is_created_and_the_given_text_is_kept(clerk):
    ProductFactory(sku="MUG")
    review = read(clerk, DANA)

    create(clerk, review, o0__city="Oakland", **{"o0-line0-sku": "mug", "o0-line0-quantity": "3"})

    order = Order.objects.get()
    assert (order.source, order.city, order.original_text) == ("manual", "Oakland", DANA)
    line = order.lines.get()
    assert (line.product.sku, line.quantity) == ("MUG", 3)
    assert order.created_by.username == "clerk"


def test_sending_the_same_page_twice_creates_nothing_twice(clerk):
    review = read(clerk, DANA)

    first = create(clerk, review)
    second = create(clerk, review)

    number = Order.objects.get().number
    assert re.fullmatch(r"P\d{6}-[0-9a-f]{6}-1", number)
    assert "1 order created" in first.text
    assert "Already there" in second.text
    assert number in second.text


def test_pasting_the_same_text_again_makes_new_numbers(clerk):
    create(clerk, read(clerk, DANA))
    create(clerk, read(clerk, DANA))

    assert Order.objects.count() == 2


def test_one_bad_order_does_not_stop_the_others_and_can_be_corrected(clerk):
    OrderFactory(number="TAKEN", source="manual")
    review = read(clerk, f"{DANA}\n{KEN}")

    answer = create(clerk, review, o0__number="TAKEN")

    assert "1 order created" in answer.text
    (card,) = answer.context["result"].cards
    assert card.order.recipient.name == "Dana Reyes"
    assert "already an order TAKEN" in card.problem
    create(clerk, answer, o0__number="FREE")
    assert set(Order.objects.values_list("recipient_name", flat=True)) >= {
        "Dana Reyes",
        "Ken Adams",
    }
    assert Order.objects.filter(number="FREE").exists()


def test_what_is_left_out_is_not_created_and_stays_on_the_page(clerk):
    answer = create(clerk, read(clerk, f"{DANA}\n{KEN}"), **{"o1-out": "on"})

    assert Order.objects.get().recipient_name == "Dana Reyes"
    (card,) = answer.context["result"].cards
    assert card.is_left_out
    assert card.order.recipient.name == "Ken Adams"


def test_words_that_were_not_understood_are_shown_with_why(clerk):
    response = read(clerk, f"{DANA}\n\nwhat is this supposed to be\n")

    assert "Not understood: 1" in response.text
    assert "what is this supposed to be" in response.text


def test_an_unknown_product_is_named_beside_its_line_before_anything_is_created(clerk):
    ProductFactory(sku="MUG")

    review = read(clerk, "Dana Reyes\n1 Market St\nSan Francisco, CA 94105\n2 x MUG-BLUE-7")

    (card,) = review.context["result"].cards
    assert "MUG-BLUE-7" in card.lines[0].notes[0].message


def test_an_order_with_an_error_is_created_for_review_under_a_number_of_its_own(clerk):
    create(clerk, read(clerk, DANA), o0__number="")

    order = Order.objects.get()
    assert order.status == OrderStatus.NEEDS_REVIEW
    assert order.number.startswith("P")


def test_a_review_that_was_tampered_with_is_refused(clerk):
    review = read(clerk, DANA)

    response = clerk.post(PAGE, fields_of(review) | {"review": "x" + review.context["sealed"]})

    assert response.status_code == 400
    assert "Paste the text again" in response.text
    assert not Order.objects.exists()


def test_somebody_elses_review_is_refused(clerk):
    sent = fields_of(read(clerk, DANA))
    clerk.force_login(User.objects.create_superuser("boss", password="x"))

    assert clerk.post(PAGE, sent).status_code == 400
    assert not Order.objects.exists()


def test_a_text_of_more_orders_than_fit_on_a_page_is_sent_to_the_file_import(clerk):
    response = read(clerk, "\n".join([DANA] * 501))

    assert response.status_code == 400
    assert "Import a file" in response.text


def test_no_text_is_asked_for_again(clerk):
    assert read(clerk, "").status_code == 400


def test_markup_in_a_paste_is_shown_and_not_run(clerk):
    response = read(clerk, DANA.replace("Dana Reyes", "Dana <script>alert(1)</script> Reyes"))

    assert "<script>alert" not in response.text


def test_the_review_costs_the_same_queries_for_one_order_as_for_fifty(clerk):
    CarrierServiceFactory(carrier=CarrierFactory())
    read(clerk, DANA)
    with CaptureQueriesContext(connection) as one:
        assert len(read(clerk, DANA).context["result"].cards) == 1
    with CaptureQueriesContext(connection) as many:
        assert len(read(clerk, "\n".join([DANA] * 50)).context["result"].cards) == 50

    assert len(many) == len(one), "\n".join(q["sql"][:200] for q in many.captured_queries)


def test_the_order_list_offers_the_page_to_those_who_may_import(clerk):
    assert PAGE in clerk.get("/admin/orders/order/").text


def test_a_table_is_shown_as_it_was_pasted_with_its_cells_marked(clerk):
    header = (
        "order_number\trecipient_name\taddress_1\tcity\tstate\tpostal_code\tsku\tquantity\tGift"
    )
    row = "A-1\tDana Reyes\t1 Market St\tSan Francisco\tCA\t94105\tMUG\t2\tyes"

    review = read(clerk, f"{header}\n{row}")

    (card,) = review.context["result"].cards
    assert "".join(piece.text for piece in card.pieces) == row
    assert {"name", "city", "lines"} <= {piece.field for piece in card.pieces}
    assert "About the text" in review.text
    create(clerk, review)
    order = Order.objects.get(number="A-1")
    assert order.original_text == row


def test_products_are_offered_while_a_sku_is_typed(clerk):
    user = User.objects.get(username="clerk")
    user.user_permissions.add(Permission.objects.get(codename="view_product"))
    ProductFactory(sku="MUG-BLUE")
    page = read(clerk, DANA).text

    address = html.unescape(re.search(r'id="products" data-url="([^"]+)"', page).group(1))
    offered = clerk.get(f"{address}&term=blue").json()["results"]

    assert [one["text"] for one in offered] == ["MUG-BLUE"]
