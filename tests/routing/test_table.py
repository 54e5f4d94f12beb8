"""The table of decisions, read as an operations manager reads it."""

from pathlib import Path

import pytest

from routing.decision import decide
from routing.sentences import reasons
from tests.routing.trade import Situation, read_order

NOTHING = "–"


def rows_of_the_table():
    page = Path(__file__).with_name("table.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in page.splitlines()
        if row.startswith("|")
    ]
    return [row for row in rows if row[0] != "order" and not row[0].startswith("---")]


ROWS = rows_of_the_table()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]} | {row[1]}" for row in ROWS])
def test_the_table_of_decisions_holds(row):
    order, network, *expected, review, reason = row
    situation = Situation(network)

    decision = decide(read_order(order), situation.network, situation.rules, situation.now)

    best = decision.chosen
    route = [best.warehouse, best.carrier, best.service, best.platform] if best else [NOTHING] * 4
    assert route == expected
    assert decision.needs_review == (review == "review")
    said = " ".join(reasons(decision))
    assert [piece for piece in reason.split(" · ") if piece not in said] == []


def test_the_table_has_at_least_sixty_rows():
    assert len(ROWS) >= 60
