"""From nothing to a working site: every step says what it did, and any failure ends it."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.demo_orders import seed_orders
from config.demo_sandbox import check_sandbox, sandbox
from config.demo_sending import HEADINGS, check_labels, labelled, send_routed
from config.ports import check_port_free
from config.serving import interrupt_on_sigterm, serve
from core.errors import DomainError
from orders.models import Order, OrderStatus
from routing.sentences import money
from routing.services.route import ROUTED, Routed, route_orders

LOGIN, PASSWORD = "demo", "crossdock-demo"
SENDING_SECONDS = 120


def told(one: Routed) -> tuple[str, ...]:
    """What was decided for an order, in the columns of a short table."""
    chosen = one.decision.chosen if one.decision else None
    if one.decision is None or chosen is None:
        return one.order.number, "none", "", "", "", one.sentence
    return (
        one.order.number,
        " + ".join(f"{part.warehouse} · {part.service}" for part in chosen.parcels),
        money(chosen.cents, chosen.currency),
        f"{chosen.arrives_on:%a %d %b}",
        str(one.decision.confidence),
        "routed" if one.state == ROUTED else f"review: {one.sentence}",
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
        parser.add_argument("--oneshot", action="store_true", help="Do everything except serving.")

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
        if not oneshot:
            check_port_free(host, port, "PORT")
        check_sandbox(sandbox_port)
        self.build()
        with sandbox(sandbox_port, sandbox_folder) as platforms:
            self.ship()
            if oneshot:
                self.stdout.write(self.style.SUCCESS("The demo world is ready."))
                return 0
            self.stdout.write(
                f"\nCrossdock is on http://{host}:{port}/\n"
                f"Sign in as {LOGIN} with the password {PASSWORD}.\n"
                f"Its platforms are a sandbox on http://127.0.0.1:{sandbox_port}/. "
                "Ctrl-C stops everything.\n"
            )
            return serve(host, port, platforms)

    def build(self) -> None:
        self.step("Database", lambda: call_command("migrate", verbosity=0))
        self.step("Roles", lambda: self.run("ensure_roles"))
        self.step("ZIP codes", lambda: self.run("load_zips"))
        self.step("Network, products and stock", lambda: self.run("seed_demo"))
        self.step("Orders, checked", self.make_orders)
        self.step("Routes, decided", self.route_orders)
        self.step("Schedules", lambda: self.run("ensure_schedules"))
        self.step("Demo login", self.make_login)

    def ship(self) -> None:
        self.step("Platforms, synced", lambda: self.run("sync_platforms"))
        self.step("Orders, sent", self.send_orders)
        self.step("Stock ledger", lambda: self.run("prove_stock"))

    def run(self, *command: str) -> None:
        call_command(*command, stdout=self.stdout)

    def step(self, title: str, work: Callable[[], object]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        started = time.monotonic()
        work()
        self.stdout.write(f"  done in {time.monotonic() - started:.1f} s")

    def make_orders(self) -> None:
        self.stdout.write(f"  {seed_orders()} new")

    def route_orders(self) -> None:
        ready = Order.objects.filter(status=OrderStatus.READY).values_list("pk", flat=True)
        rows: list[tuple[str, ...]] = [("order", "route", "price", "there on", "sure", "why")]
        rows += [told(one) for one in route_orders(ready)]
        self.table(rows)

    def send_orders(self) -> None:
        """Raises NoLabel unless every routed order came back with a label."""
        sent = send_routed()
        self.run("dispatch", "--until-idle", "--seconds", str(SENDING_SECONDS))
        self.table([HEADINGS, *labelled()])
        check_labels(sent)

    def table(self, rows: list[tuple[str, ...]]) -> None:
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write(f"  {'  '.join(cells)}".rstrip())

    def make_login(self) -> None:
        user, _created = User.objects.get_or_create(
            username=LOGIN, defaults={"is_staff": True, "is_superuser": True}
        )
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save()
        self.stdout.write(f"  {LOGIN}")
