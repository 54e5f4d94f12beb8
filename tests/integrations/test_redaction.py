import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.platforms.easyship.bodies import shipment_body
from integrations.platforms.redaction import (
    EXCERPT_LIMIT,
    excerpt,
    mask,
    personal_values,
    redacted,
)
from integrations.platforms.veeqo.bodies import order_body, rates_body
from tests.integrations.samples import ORDER, contract

PEOPLE = [
    "Ada Maria Byrne",
    "Ada Maria",
    "Byrne",
    "Byrne Looms",
    "233 S Wacker Dr",
    "Apt 4B",
    "60606",
    "+13125550111",
    "ada.byrne@example.com",
]
BODIES = {
    "veeqo order": lambda: order_body(
        ORDER, {"MUG-BLU": "3301"}, channel_id="1", delivery_method_id="2", customer_id=""
    ),
    "veeqo prices": lambda: rates_body(
        ORDER.origin.address, ORDER.recipient, ORDER.parcel, "OPS-1"
    ),
    "easyship shipment": lambda: shipment_body(ORDER),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_we_send_is_kept_without_the_person(body):
    kept = excerpt(body(), ())

    assert "OPS-" in kept
    assert [value for value in PEOPLE if value in kept] == []


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_person_is_known_by_value_from_what_we_send(body):
    known = personal_values(body())

    echoed = mask(f"We know {', '.join(PEOPLE)}.", known)

    assert [value for value in PEOPLE if value in echoed] == []


def test_a_platforms_sentence_stays_readable():
    known = personal_values(shipment_body(ORDER))
    sentence = "destination_address.line_1 is too long (maximum is 35 characters)"

    assert mask(sentence, known) == sentence


def test_a_value_inside_another_word_is_left_alone():
    assert mask("Canada and Ada", {"Ada"}) == "Canada and [hidden]"


def test_hiding_ignores_case():
    assert mask("BYRNE", {"Byrne"}) == "[hidden]"


@pytest.mark.parametrize("key", ["api_key", "access_token", "secret_token", "Authorization"])
def test_secrets_are_hidden_by_their_key(key):
    assert redacted({key: "sup3r"}) == {key: "[hidden]"}


@pytest.mark.parametrize("key", ["base64_encoded_strings", "label_content", "label_url", "url"])
def test_documents_and_links_to_them_are_not_kept(key):
    assert redacted({key: ["JVBERi0xLjQK"]}) == {key: "[file]"}


def test_what_helps_to_understand_is_kept():
    body = {"id": 7, "deliver_to": {"id": 8, "city": "Chicago", "state": "IL", "country": "US"}}

    assert redacted(body) == body


def test_a_long_list_is_shown_by_its_first_entries():
    assert redacted([1, 2, 3, 4, 5]) == [1, 2, 3, "… 2 more"]


def test_an_excerpt_is_capped():
    body = {"more": {str(number): "y" * 99 for number in range(999)}}

    assert len(excerpt(body, ())) == EXCERPT_LIMIT


def test_a_value_halved_by_the_cap_is_not_shown():
    secret = "Ω" * 300
    for padding in range(0, 4 * EXCERPT_LIMIT, 211):
        assert "Ω" not in excerpt("a " * (padding // 2) + secret + " b" * 9_000, {secret})


def test_an_excerpt_can_be_stored_in_any_database():
    kept = excerpt({"title": "a\x00b\ud800c"}, ()) + excerpt("a\x00b\ud800c", ())

    assert "\x00" not in kept
    kept.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
)


@given(JSON)
def test_any_body_has_an_excerpt(body):
    assert len(excerpt(body, ("secret",))) <= EXCERPT_LIMIT


@given(JSON, st.sampled_from(["email", "contact_name", "address1", "phone", "x-api-key", "zip"]))
def test_a_canary_is_hidden_wherever_it_is_planted(body, key):
    planted = {"answer": [body, {key: "CANARY-7f3"}, {"deliver_to": {"anything": "CANARY-7f3"}}]}

    assert "CANARY-7f3" not in excerpt(planted, ())


@pytest.mark.parametrize("name", ["order", "customer", "allocation", "shipment"])
def test_no_person_of_a_complete_answer_is_kept(name):
    body = contract(f"veeqo-examples/{name}.json")
    people = ["ada@example.com", "Byrne", "+13125550111", "233 S Wacker", "api@northmill.example"]

    kept = mask(json.dumps(redacted(body), default=str), ())

    assert [value for value in people if value in kept] == []


def test_numbers_are_kept_as_they_are():
    assert excerpt({"price": Decimal("12.50"), "ok": True, "none": None}, ()) == (
        '{"price": "12.50", "ok": true, "none": null}'
    )
