"""Kill a worker at every line of the push, one order after the other, and see each converge.

python benchmarks/dispatch_lines.py [--platform veeqo] [--moments] [--share 1]
    [--database sqlite | postgres://…]

Takes each moment (see tests/integrations/crash_lines.py) and, besides, each line of the engine and
the adapter that creating, labelling or cancelling runs through, at one of the times it is reached.
--moments leaves the lines out, --share 10 takes each tenth. Stops at the first order that does not
converge.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.house import SERVER, machine, made_database

NAME = "crossdock_benchmark_lines"
PLATFORMS = ("veeqo", "easyship")


def kill_everywhere(platform, options, folder):
    """Print the figures of one platform; True when every point was reached."""
    from django.conf import settings

    from tests.integrations.crash_lines import Push, every_line, one_of_each, rounds
    from tests.integrations.dispatch_case import Case
    from tests.integrations.sandbox_inside import URL, sandbox_inside

    began = time.monotonic()
    with sandbox_inside(folder) as inside:
        case = Case(folder, settings).at(URL)
        case.routed(platform)
        push = Push(case, platform, inside)
        moments = push.moments()
        lines_of = (lambda _found: []) if options.moments else every_line
        points = {
            kind: list(dict.fromkeys(one_of_each(found) + lines_of(found)))[:: options.share]
            for kind, found in moments.items()
        }
        missed = [point for each in rounds(points) for point in push.die(each)]
    for kind, found in moments.items():
        lines = {point.place for points in found for point in points}
        engine = {point.place for points in found for point in points if point.is_engine}
        print(
            f"  {platform} {kind}: {sum(map(len, found)):,} steps in {len(found)} moments over "
            f"{len(lines)} lines ({len(engine)} of the engine); {len(points[kind])} kills"
        )
    killed = sum(len(chosen) for chosen in points.values())
    seconds = time.monotonic() - began
    print(f"  {platform}: {killed} kills, {killed} converged, {seconds:.0f} s", flush=True)
    for point in missed:
        print(f"    not reached: {point}")
    return not missed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--platform", choices=PLATFORMS, help="default: both")
    parser.add_argument("--moments", action="store_true", help="no line but one of each moment")
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--database", default=SERVER, help="a server, or sqlite")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with made_database(options.database, NAME), tempfile.TemporaryDirectory() as folder:
        print(f"A worker dies at every line ({machine()})")
        passed = [
            kill_everywhere(platform, options, Path(folder) / platform)
            for platform in ([options.platform] if options.platform else PLATFORMS)
        ]
        from django.db import connections

        connections.close_all()
    if not all(passed):
        sys.exit(1)


if __name__ == "__main__":
    main()
