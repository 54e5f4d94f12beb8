"""Easyship's webhooks in a storm: is every parcel where it truly is, and how fast are the answers?

python benchmarks/webhooks.py [--deliveries 10000] [--per-second 80] [--threads 4] [--seed 3]
    [--database sqlite | postgres://…]

Labels as many parcels at a sandbox as give so many deliveries, lets them travel to their ends, and
delivers the sandbox's own events to the site (gunicorn, two processes of four threads; one process
on SQLite) over HTTP: 30 % twice, 20 % out of order, 10 % forged in five ways, while the events are
processed beside it. Then each parcel is compared with the sandbox's word.
Exits with 1 when one is wrong, a forgery was not refused with 401, or anything was stored twice.
"""

import argparse
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.house import HERE, SERVER, machine, made_database

NAME = "crossdock_benchmark_webhooks"
EVENTS_A_PARCEL = 8.8
"""About so many events the sandbox sends of one journey."""


@contextmanager
def site(case):
    """The URL of the product as it is served in production, on the database in use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    from tests.integrations.dispatch_crashes import database_url

    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    environment = os.environ | {
        "BIND": address,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.dispatch_settings",
        "SANDBOX_URL": case.url,
        "WEB_CONCURRENCY": "1" if "sqlite" in database_url() else "2",
    }
    log = (case.folder / "site.log").open("w")
    server = subprocess.Popen(command, cwd=HERE, env=environment, stderr=log)
    try:
        _wait_for(address)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()
        log.close()


def _wait_for(address):
    """Until both processes must have started: a page that does nothing comes quickly each time."""
    quick, end = 0, time.monotonic() + 120
    while quick < 40:
        if time.monotonic() > end:
            raise SystemExit("The site does not start.")
        began = time.monotonic()
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=60):
                quick = quick + 1 if time.monotonic() - began < 0.5 else 0
        except OSError:
            time.sleep(0.1)


def measure(options):
    from django.conf import settings

    from orders.models import Shipment
    from tests.integrations.dispatch_case import Case
    from tests.integrations.webhook_storm import (
        JOURNEYS,
        genuine,
        judge,
        label_parcels,
        mixed,
        storm,
    )

    with tempfile.TemporaryDirectory() as folder:
        case = Case(Path(folder), settings)
        try:
            case.start_apart("--speed", "0.000001", "--faults", JOURNEYS)
            label_parcels(case, math.ceil(0.6 * options.deliveries / EVENTS_A_PARCEL))
            print(f"{Shipment.objects.count()} parcels are labelled", flush=True)
            deliveries = mixed(genuine(case), options.seed)
            print(f"{len(deliveries):,} deliveries begin", flush=True)
            with site(case) as url:
                verdict = storm(url, deliveries, options.per_second, options.threads)
            return judge(case, deliveries, verdict)
        finally:
            case.close()


def tell(verdict):
    print(f"{verdict.deliveries:,} deliveries of {verdict.events:,} events ({machine()})")
    for (forged, status), count in sorted(verdict.answers.items()):
        print(f"  {'forged' if forged else 'genuine':8} {status}: {count:,}")
    print(f"  stored {verdict.stored:,} events, of forgeries {verdict.kept_forgeries}")
    print(f"  not processed {verdict.unsettled}, parcels in a wrong state {len(verdict.wrong)}")
    print(f"  answered in          {quick(verdict.seconds)}")
    print(f"  /healthz in between  {quick(verdict.bare)}")
    print(f"  the first answers    {', '.join(f'{s * 1e3:.0f}' for s in verdict.seconds[:5])} ms")
    for line in verdict.wrong[:10]:
        print(f"    {line}")


def quick(seconds):
    cuts = statistics.quantiles(seconds, n=100)
    worst = ", ".join(f"{each * 1e3:.0f}" for each in sorted(seconds)[-3:])
    return f"p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms, the slowest {worst} ms"


def is_good(verdict):
    return (
        not verdict.wrong
        and not verdict.kept_forgeries
        and not verdict.unsettled
        and verdict.stored == verdict.events
        and set(verdict.answers) == {(False, 200), (True, 401)}
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=80)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--database", default=SERVER, help="a server, or sqlite")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with made_database(options.database, NAME):
        verdict = measure(options)
        from django.db import connections

        connections.close_all()
    tell(verdict)
    if not is_good(verdict):
        sys.exit(1)


if __name__ == "__main__":
    main()
