"""A worker that dies at any line of the push leaves one order, one label, and no doubt.

CI takes a line of each third moment with the one platform and of each sixth with the other;
benchmarks/dispatch_lines.py takes every line.
"""

import pytest

from tests.integrations.crash_lines import Push, one_of_each, rounds
from tests.integrations.sandbox_inside import URL, sandbox_inside

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("platform", "share"), [("easyship", 3), ("veeqo", 6)])
def test_a_worker_that_dies_at_any_line_converges(platform, share, case, tmp_path):
    with sandbox_inside(tmp_path / "inside") as inside:
        case.at(URL).routed(platform)
        push = Push(case, platform, inside)
        found = {kind: one_of_each(moments) for kind, moments in push.moments().items()}
        points = {kind: chosen[::share] for kind, chosen in found.items()}

        missed = [point for each in rounds(points) for point in push.die(each)]

    assert missed == []
    assert min(len(chosen) for chosen in found.values()) > 20
