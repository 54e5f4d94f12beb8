import pytest

from core.exports import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(start):
    assert safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_a_null_before_a_formula_does_not_hide_it():
    assert safe_cell("\x00=1+1") == "'=1+1"


@pytest.mark.parametrize("value", ["Dana Reyes", "1 Market St", "", "1-2", 14, -3, 2.5, True, None])
def test_everything_else_is_left_alone(value):
    assert safe_cell(value) == value
