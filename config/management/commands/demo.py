"""From nothing to a working site: every step says what it did, and any failure ends it."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from textwrap import indent
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.demo import summary
from config.demo.drift import check_drift
from config.demo.orders import FILE, TEXT, Taken, take_file, take_text
from config.demo.sandbox import HOST, check_sandbox, sandbox
from config.demo.sending import HEADINGS, check_labels, is_at_work, labelled, progress, send_routed
from config.demo.table import aligned, hanging
from config.demo.travel import travel, webhook_counts
from config.demo.waiting import Patience
from config.ports import check_port_free, check_ports_differ
from config.serving import interrupt_on_sigterm, site_and_worker, wait_for_first
from core.errors import DomainError
from orders.models import Order, OrderStatus
from routing.sentences import money
from routing.services.route import ROUTED, Routed, route_orders

DONE = "\nThe main job is done in {:.0f} s: every routed order has its label and its end."
LOGIN, PASSWORD = "demo", "crossdock-demo"
SENDING_SECONDS = 240.0
SHORT_SECONDS = 1.0
MOST_REASONS, MOST_NUMBERS = 12, 8


def told(one: Routed) -> tuple[str, ...]:
    """What was decided for an order, in the columns of a short table."""
    chosen = one.decision.chosen if one.decision else None
    if one.decision is None or chosen is None:
        return one.order.number, "none", "", "", "", "no route"
    return (
        one.order.number,
        " + ".join(f"{part.warehouse} · {part.service}" for part in chosen.parcels),
        money(chosen.cents, chosen.currency),
        f"{chosen.arrives_on:%a %d %b}",
        str(one.decision.confidence),
        "routed" if one.state == ROUTED else "waits for a person",
    )


class Command(BaseCommand):
    help = "Build the demo world, run the main job once, and serve the site until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--sandbox-port", type=int, default=8765)
        parser.add_argument(
            "--sandbox-folder",
            type=Path,
            default=settings.BASE_DIR / "var" / "demo-sandbox",
            help="What the sandbox remembers; forgotten when the database knows of no dispatch.",
        )
        parser.add_argument(
            "--oneshot", action="store_true", help="End after the summary, with the site."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo has a public password, so it runs on development settings only. "
                "Set DEBUG=true in .env."
            )
        interrupt_on_sigterm()
        try:
            code = self.play(**options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready.") from None
        if code:
            raise SystemExit(code)

    def play(
        self,
        *,
        host: str,
        port: int,
        sandbox_port: int,
        sandbox_folder: Path,
        oneshot: bool,
        **_options: Any,
    ) -> int:
        """Everything, and serving unless told not to; returns the exit code."""
        check_port_free(host, port, "PORT")
        check_ports_differ({"PORT": port, "SANDBOX_PORT": sandbox_port})
        check_sandbox(sandbox_port)
        started = time.monotonic()
        self.build()
        site = f"http://{host if host != '0.0.0.0' else HOST}:{port}"  # noqa: S104 — never bound here
        log = settings.BASE_DIR / "var" / "demo.log"
        with ExitStack() as stack:
            lines = stack.enter_context(log.open("wb"))
            platforms = stack.enter_context(sandbox(sandbox_port, sandbox_folder, site))
            children = [platforms, *stack.enter_context(site_and_worker(host, port, lines))]
            self.ship(f"http://{HOST}:{sandbox_port}", Patience(children, log))
            if oneshot:
                # A site that is served shows it, and its staff settle it there.
                check_drift()
            self.stdout.write(self.style.SUCCESS(DONE.format(time.monotonic() - started)))
            if oneshot:
                self.stdout.write("`make demo` does the same and then serves the site.")
                return 0
            self.say_what_next(site, sandbox_port, log)
            return _serve(children)

    def build(self) -> None:
        self.step("Database", lambda: call_command("migrate", verbosity=0))
        self.step("Roles", lambda: self.run("ensure_roles"))
        self.step("ZIP codes", lambda: self.run("load_zips"))
        self.step("Network, products and stock", lambda: self.run("seed_demo"))
        self.step(f"Orders from the file {FILE.name}", lambda: self.take(take_file()))
        self.step(f"Orders from the text {TEXT.name}", lambda: self.take(take_text()))
        self.step("Routes, decided", self.route_orders)
        self.step("Schedules", lambda: self.run("ensure_schedules"))
        self.step("Demo login", self.make_login)

    def ship(self, sandbox_url: str, patience: Patience) -> None:
        self.step("Platforms, synced", lambda: self.run("sync_platforms"))
        self.step("Orders, sent by the worker", lambda: self.send_orders(patience))
        self.step("Parcels, tracked", lambda: self.track(sandbox_url, patience))
        self.step("Stock ledger", lambda: self.run("prove_stock"))
        self.step("Summary", self.summarize)
        self.step("Drift", lambda: self.run("reconcile"))

    def run(self, *command: str) -> None:
        """A command's own words, below the step's title; what it raises is told in full."""
        said = StringIO()
        try:
            call_command(*command, stdout=said)
        finally:
            self.stdout.write(indent(said.getvalue(), "  "), ending="")

    def step(self, title: str, work: Callable[[], object]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        started = time.monotonic()
        work()
        seconds = time.monotonic() - started
        if seconds >= SHORT_SECONDS:
            self.stdout.write(f"  done in {seconds:.0f} s")

    def take(self, taken: Taken) -> None:
        known = f", {taken.known} known already" if taken.known else ""
        self.stdout.write(
            f"  {taken.new} new: {taken.ready} ready, {taken.to_review} to review{known}"
        )

    def route_orders(self) -> None:
        ready = Order.objects.filter(status=OrderStatus.READY).values_list("pk", flat=True)
        rows: list[tuple[str, ...]] = [("order", "route", "price", "there on", "sure", "")]
        rows += sorted(told(one) for one in route_orders(ready))
        self.table(rows, right=(2, 4))

    def send_orders(self, patience: Patience) -> None:
        """Raises NoLabel unless every routed order came back with a label."""
        sent = send_routed()
        patience.wait_until(
            lambda: not is_at_work(sent),
            "Sending",
            SENDING_SECONDS,
            tell=lambda: self.stdout.write(f"  {progress(sent)}"),
        )
        self.table([HEADINGS, *labelled()], right=(5,))
        check_labels(sent)

    def track(self, sandbox_url: str, patience: Patience) -> None:
        """Raises NotArrived unless every parcel came to an end."""
        for passed in travel(sandbox_url, patience):
            self.stdout.write(
                f"  day {passed.days:2}: {passed.waiting:2} to be picked up, "
                f"{passed.moving:2} on their way, {passed.delivered:2} delivered, "
                f"{passed.troubled:2} in trouble"
            )
        received, processed = webhook_counts()
        self.stdout.write(
            f"  Easyship told it by {received} signed webhooks, {processed} of them processed; "
            "Veeqo was asked."
        )

    def summarize(self) -> None:
        self.table(summary.by_route(), right=summary.NUMBERS)
        reasons = summary.reasons()
        count = sum(len(reason.numbers) for reason in reasons)
        self.stdout.write(self.style.MIGRATE_HEADING(f"Need a person: {count}"))
        for reason in reasons[:MOST_REASONS]:
            about = f"{reason.sentence} ({', '.join(reason.numbers[:MOST_NUMBERS])})"
            self.stdout.write("\n".join(hanging(f"  {len(reason.numbers):3}  ", about)))
        if len(reasons) > MOST_REASONS:
            self.stdout.write(f"       and {len(reasons) - MOST_REASONS} more reasons.")

    def table(self, rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        for line in aligned(rows, right):
            self.stdout.write(line)

    def make_login(self) -> None:
        user, _created = User.objects.get_or_create(
            username=LOGIN, defaults={"is_staff": True, "is_superuser": True}
        )
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save()
        self.stdout.write(f"  {LOGIN}")

    def say_what_next(self, site: str, sandbox_port: int, log: Path) -> None:
        self.stdout.write(
            f"\nCrossdock is on {site}/\n"
            f"  Sign in as {LOGIN} with the password {PASSWORD}.\n"
            f"  Review, what waits for you: {site}/admin/routing/routingdecision/review/\n"
            f"  Orders from a text of yours: {site}/admin/orders/order/from-text/\n"
            f"  The sandbox that plays both platforms: http://{HOST}:{sandbox_port}/\n"
            f"  What site and worker say: {log}\n"
            "Parcels of orders you send now travel a day a minute; Veeqo is asked for news every "
            "ten minutes, Easyship tells them at once.\nCtrl-C stops everything.\n"
        )


def _serve(children: Sequence[Any]) -> int:
    try:
        return wait_for_first(children)
    except KeyboardInterrupt:
        return 0
