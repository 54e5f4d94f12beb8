"""How near the platforms' allowed rate worker processes come, and whether one call is too many.

python benchmarks/dispatch.py [--platform veeqo] [--dispatches 2000] [--workers 4] [--seconds 180]
    [--warm-up 20] [--scale 1] [--database postgres://…]

Makes a database of its own on the PostgreSQL server and a sandbox that enforces the documented
limits (Easyship's in the stricter reading: no minute and no second anywhere holds more), lets so
many orders wait to be sent, starts the workers (manage.py dispatch) and reads from
the sandbox's own log of requests how many came in a window of --seconds after --warm-up. The queue
is not emptied: at 5 calls a second 2,000 orders take 87 minutes. --scale multiplies the limits of
sandbox and product alike, to see the speed of this machine. Exits with 1 below 95 % or at a 429.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.house import HERE, SERVER, machine, made_database
from tests.integrations.sandbox_spawned import rich_world, spawned

NAME = "crossdock_benchmark_dispatch"
PLATFORMS = ("veeqo", "easyship")
WANTED = 0.95
# What the platforms document (docs/dispatch.md); Veeqo's own bucket holds 56.
VEEQO_PER_SECOND, VEEQO_BUCKET, VEEQO_BURST = 5, 56, 45
EASYSHIP_PER_MINUTE, EASYSHIP_PER_SECOND = 60, 10


def allowed_per_second(platform, scale):
    return scale * {"veeqo": VEEQO_PER_SECOND, "easyship": EASYSHIP_PER_MINUTE / 60}[platform]


def limits(scale):
    """The sandbox's options."""
    return (
        "--veeqo-rate",
        f"{VEEQO_PER_SECOND * scale}:{VEEQO_BUCKET * scale}",
        "--easyship-rate",
        f"{EASYSHIP_PER_MINUTE * scale}:{EASYSHIP_PER_SECOND * scale}",
        "--easyship-sliding",
    )


def tell_the_product(url, scale):
    """Its settings, as the environment of this process and of the workers."""
    os.environ |= {
        "VEEQO_BASE_URL": f"{url}/veeqo",
        "VEEQO_API_KEY": "sandbox-veeqo-key",
        "VEEQO_CALLS_PER_SECOND": str(VEEQO_PER_SECOND * scale),
        "VEEQO_BURST": str(VEEQO_BURST * scale),
        "EASYSHIP_BASE_URL": f"{url}/easyship/2024-09",
        "EASYSHIP_API_TOKEN": "sandbox-easyship-token",
        "EASYSHIP_CALLS_PER_MINUTE": str(EASYSHIP_PER_MINUTE * scale),
        "EASYSHIP_CALLS_PER_SECOND": str(EASYSHIP_PER_SECOND * scale),
    }


def make_waiting(case, platform, dispatches):
    """So many orders on their way, none of them begun."""
    began = time.monotonic()
    case.routed(platform)
    for _ in range(dispatches):
        case.sent(platform)
    seconds = time.monotonic() - began
    print(f"{dispatches:,} dispatches wait for {platform} (made in {seconds:.0f} s)", flush=True)


def window(case, platform, options):
    """Let the workers run; the requests that arrived in the window, and all statistics."""
    case.control("statistics/reset")
    command = [sys.executable, "manage.py", "dispatch", "--until-idle", "--platform", platform]
    workers = [subprocess.Popen(command, cwd=HERE) for _ in range(options.workers)]
    try:
        while not case.statistics()[platform]["requests"]:
            time.sleep(0.05)
        time.sleep(options.warm_up)
        opens = time.time()
        time.sleep(options.seconds)
        if any(worker.poll() is not None for worker in workers):
            raise SystemExit("The queue ran empty: give it more --dispatches or less --seconds.")
        arrived = [row["at"] for row in case.requests() if row["platform"] == platform]
        return [at for at in arrived if opens <= at < opens + options.seconds], case.statistics()
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def measure(case, platform, options):
    """Print one platform's figures; True when they are good enough."""
    from integrations.models import Dispatch

    make_waiting(case, platform, options.dispatches)
    arrived, statistics = window(case, platform, options)
    counts = statistics[platform]
    allowed = allowed_per_second(platform, options.scale)
    achieved = len(arrived) / options.seconds
    refused = counts["by_status"].get("429", 0)
    done = Dispatch.objects.filter(platform=platform, state="done").count()
    print(f"{platform}: {options.workers} workers, limits × {options.scale:g}, {machine()}")
    print(f"  allowed {allowed:8.2f} calls/s")
    print(
        f"  reached {achieved:8.2f} calls/s over {options.seconds:.0f} s: {achieved / allowed:.1%}"
    )
    print(f"  429s    {refused:8} of {counts['requests']:,} requests")
    print(
        f"  most in a second {counts['most_in_one_second']}, in a minute "
        f"{counts['most_in_one_minute']}; {done} dispatches done"
    )
    return achieved >= WANTED * allowed and not refused


def run(options):
    from django.conf import settings

    platforms = [options.platform] if options.platform else PLATFORMS
    with tempfile.TemporaryDirectory() as folder:
        world = ("--world", str(rich_world(Path(folder))))
        with spawned(Path(folder) / "state", *world, *limits(options.scale)) as (_process, client):
            tell_the_product(client.url, options.scale)
            with made_database(options.database, NAME):
                from tests.integrations.dispatch_case import Case

                product = settings.VEEQO_CALLS_PER_SECOND, settings.EASYSHIP_CALLS_PER_MINUTE
                print(f"The product keeps to {product[0]:g}/s and {product[1]:g}/min.")
                case = Case(Path(folder), settings, hurries=False).at(client.url)
                passed = [measure(case, platform, options) for platform in platforms]
                from django.db import connections

                connections.close_all()
    return all(passed)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--platform", choices=PLATFORMS, help="default: one after the other")
    parser.add_argument("--dispatches", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--warm-up", type=float, default=20)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--database", default=SERVER)
    if not run(parser.parse_args()):
        sys.exit(1)


if __name__ == "__main__":
    main()
