"""Kill workers at random while the platforms lose answers, then count what the platforms hold.

python benchmarks/dispatch_crashes.py [--orders 300] [--kills 100] [--workers 4] [--seed 7]
    [--database sqlite | postgres://…]

Half of the orders go to each platform's sandbox, a process of its own, which carries out 30 % of
the writes without answering, refuses 10 % of all calls with 429 and 10 % with 500. Pauses are
short (tests/dispatch_settings.py), the rest is the product. Exits with 1 when an order is lost or
repeated. SQLite: one worker.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.house import SERVER, machine, made_database

NAME = "crossdock_benchmark_crashes"


def measure(options):
    """The verdict of one run in the database in use."""
    from django.conf import settings

    from tests.integrations.dispatch_case import Case
    from tests.integrations.dispatch_crashes import Plan, crash

    plan = Plan(options.orders, options.kills, options.workers, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        case = Case(Path(folder), settings)
        try:
            return crash(case.start_apart("--seed", str(options.seed)), plan)
        finally:
            case.close()


def tell(options, verdict):
    database = "SQLite" if options.database == "sqlite" else "PostgreSQL"
    print(
        f"{options.orders} orders, {options.workers} workers on {database}, "
        f"{verdict.kills} killed: {verdict.seconds:.0f} s ({machine()})"
    )
    print(f"  {verdict.broke_off} kills struck in the middle of an attempt")
    for platform, counts in verdict.statistics.items():
        faults = ", ".join(f"{n} × {name}" for name, n in sorted(counts["faults"].items()))
        print(f"  {platform}: {counts['requests']} requests, {faults}")
    print(f"  a person pressed Retry {verdict.helped} times (five workers lost on one order)")
    print(f"  lost: {len(verdict.lost)}, there twice: {len(verdict.repeated)}")
    for line in (*verdict.lost, *verdict.repeated):
        print(f"    {line}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", default=SERVER, help="a server, or sqlite")
    options = parser.parse_args()
    if options.database == "sqlite" and options.workers > 1:
        parser.error("SQLite is proved with one worker: add --workers 1.")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with made_database(options.database, NAME):
        verdict = measure(options)
        from django.db import connections

        connections.close_all()
    tell(options, verdict)
    if verdict.lost or verdict.repeated or verdict.kills < options.kills:
        sys.exit(1)


if __name__ == "__main__":
    main()
