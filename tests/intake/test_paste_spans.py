"""Nothing is dropped: every word of a paste is in a field, left over, or on a refused line."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orders.intake.paste.reading import MAX_LINES, read_paste
from tests.intake.test_paste_lines import table
from tests.intake.zip_table import zip_table

LINES = [text for text, _ in table()]
PARTS = [part for line in LINES for part in re.findall(r"\S+|\s+", line)] + [
    "\t", "\n", "\n\n", ",", ";", '"', ":", "x", "2", "e\u0301", "\u200b", "〒", "\x00", "|", " - ",
    "Name:", "MUG-BLU", "@", "+", "(", ")", "#", "Hi", "ship to", "<td>", "\ufeff", "\u00a0", "\r",
]  # fmt: skip


def uncovered(text):
    answer = read_paste(text, zip_table(), ["MUG-BLU"])
    taken = set()
    for order in answer.orders:
        for spans in order.spans.values():
            for span in spans:
                assert 0 <= span.start <= span.end <= len(text)
                taken.update(range(span.start, span.end))
    refused = [remark for remark in answer.remarks if remark.severity == "error"]
    said = unicodedata.normalize("NFC", " ".join(remark.message for remark in refused))
    return [] if "…" in said else [word for word in words_outside(text, taken) if word not in said]


def words_outside(text, taken):
    for word in re.finditer(r"[\w\u0300-\u036f]+", text):
        if not taken.issuperset(range(*word.span())):
            yield unicodedata.normalize("NFC", word.group()).strip("\u0301")


@pytest.mark.parametrize("text", LINES)
def test_every_word_of_a_customer_is_somewhere(text):
    assert uncovered(text) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
@example("Ann\u200b Le\u0301e 7 Oak St Reno NV 89501 by noon")
@example("Name\tCity\tZip")
def test_every_word_of_any_mixture_is_somewhere(text):
    if "<td>" not in text:
        assert uncovered(text) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_arbitrary_text_is_read_without_an_error(text):
    answer = read_paste(text, zip_table())
    assert answer.orders or answer.remarks


def given_at(order, text, name):
    return [text[span.start : span.end] for span in order.spans[name]]


def test_spans_point_into_the_text_as_it_was_given():
    text = "\ufeffAnn Le\u0301e\u200b \t775-555-0101\t7 Oa\u200bk St Apt 4\tReno\tNV\t89501"
    order = read_paste(text, zip_table()).orders[0]
    assert order.recipient.name == "Ann Lée"
    assert given_at(order, text, "name") == ["Ann Le\u0301e"]
    assert given_at(order, text, "address_1") == ["7 Oa\u200bk St"]
    assert given_at(order, text, "address_2") == ["Apt 4"]
    assert given_at(order, text, "phone") == ["775-555-0101"]
    assert order.text == text.removeprefix("\ufeff")


HOSTILE = {
    "digits": "1" * 100_000, "digits apart": "1 " * 50_000, "at signs": "a@" * 50_000,
    "dots": "a@b." * 25_000, "brackets": "(" * 100_000, "blanks": " " * 100_000,
    "tabs": "\t" * 100_000, "quotes": '",' * 50_000, "colons": "a: " * 33_000,
    "labels": "Name: " * 16_000, "marks": "\u0301\u0316" * 50_000, "tags": "<td" * 33_000,
    "entities": "&#" * 50_000, "places": "NV 89501 " * 11_000, "units": "apt 1 " * 16_000,
    "phones": "555-0142 " * 11_000, "countries": "united states " * 7_000, "short": "a\n" * 4_999,
    "asking": "Hi\nship to " * 4_000, "scripts": "<table><script>" * 6_000,
    "dashes": "a - " * 25_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered(text):
    answer = read_paste(text, zip_table(), ["MUG-BLU"])
    assert answer.remarks


@pytest.mark.parametrize("text", ["a" * 2_000_001, "a\n" * (MAX_LINES + 1)])
def test_too_much_text_is_refused_in_one_sentence(text):
    answer = read_paste(text, zip_table())
    assert [remark.code for remark in answer.remarks] == ["too_long"]
    assert answer.orders == []
