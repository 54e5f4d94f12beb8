"""Codes become the names that people know, and nothing else is touched."""

import pytest

from routing.services.names import Names

NAMES = Names.of({"ups": "UPS", "ups-ground": "UPS Ground", "dhl": "DHL"})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("RNO1 by ups-ground, 8.40 USD.", "RNO1 by UPS Ground, 8.40 USD."),
        ("The order asks for carrier ups.", "The order asks for carrier UPS."),
        ("only dhl or ups", "only DHL or UPS"),
        ("Rule “no ups today” allows only dhl.", "Rule “no ups today” allows only DHL."),
        ("ups-ground-saver and startups stay", "ups-ground-saver and startups stay"),
        ("CUPS-ups-1 is no product of ours.", "CUPS-ups-1 is no product of ours."),
    ],
)
def test_a_sentence_is_read_in_names(written, read):
    assert NAMES.said(written) == read


def test_without_any_service_all_stays_as_it_is():
    assert Names.of({}).said("RNO1 by ups-ground") == "RNO1 by ups-ground"
