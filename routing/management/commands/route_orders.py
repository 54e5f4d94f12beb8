"""manage.py route_orders: which warehouse and which carrier service, and why."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from core.actor import Actor, current_actor
from core.errors import DomainError
from orders.models import Order, OrderStatus
from routing.result import Decision
from routing.sentences import confidence_sentence, reasons
from routing.services.batch import Decided
from routing.services.route import (
    PORTION,
    REFUSED,
    REVIEW,
    ROUTED,
    preview_orders,
    routable_of,
    route_in_turn,
)
from routing.summary import summary


class Command(BaseCommand):
    help = (
        "Give orders a warehouse and a carrier service, and print why. Prints per order what was "
        "decided with every candidate; --dry-run writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--order",
            nargs="+",
            action="extend",
            metavar="NUMBER",
            help="Orders by their numbers.",
        )
        which.add_argument("--all-ready", action="store_true", help="Every order that is ready.")
        parser.add_argument("--dry-run", action="store_true", help="Decide, and write nothing.")
        parser.add_argument("--json", action="store_true", help="One JSON array.")

    def handle(self, *_args: Any, **options: Any) -> None:
        ids = ready_ids() if options["all_ready"] else ids_of(options["order"])
        token = current_actor.set(Actor("route_orders"))
        tell = self.tell_json if options["json"] else self.tell
        try:
            count = tell(previewed(ids) if options["dry_run"] else routed(ids))
        except DomainError as error:
            raise CommandError(str(error)) from error
        finally:
            current_actor.reset(token)
        if not options["json"]:
            nothing = " Nothing was written." if options["dry_run"] else ""
            self.stdout.write(f"{count} {'order' if count == 1 else 'orders'}.{nothing}")

    def tell(self, rows: Iterable["Row"]) -> int:
        """Print each as it comes; returns how many."""
        count = 0
        for row in rows:
            self.stdout.write(told(*row))
            count += 1
        return count

    def tell_json(self, rows: Iterable["Row"]) -> int:
        """One JSON array, an order a line, written as they come."""
        count = 0
        for count, row in enumerate(rows, 1):
            self.stdout.write("[" if count == 1 else ",\n", ending="")
            self.stdout.write(json.dumps(as_json(*row)), ending="")
        self.stdout.write("]" if count else "[]")
        return count


Row = tuple[Order, str, str, Decision | None]
"""An order, what became of it, the sentence, and the decision."""


def ready_ids() -> list[int]:
    """What is due first is first; an order without a promise comes after those with one."""
    ready = Order.objects.filter(status=OrderStatus.READY)
    due = F("promise_date").asc(nulls_last=True)
    return list(ready.order_by(due, "created_at", "pk").values_list("pk", flat=True))


def ids_of(numbers: list[str]) -> list[int]:
    """Of every source that uses the number. Raises CommandError for one that is not there."""
    found: dict[str, list[int]] = {}
    for pk, number in Order.objects.filter(number__in=numbers).values_list("pk", "number"):
        found.setdefault(number, []).append(pk)
    for number in numbers:
        if number not in found:
            raise CommandError(f"There is no order {number}. Check the number.")
    return [pk for number in numbers for pk in found[number]]


def routed(ids: list[int]) -> Iterator[Row]:
    for portion in route_in_turn(ids):
        yield from ((one.order, one.state, one.sentence, one.decision) for one in portion)


def previewed(ids: list[int]) -> Iterator[Row]:
    """What would become of each; one that may not be routed now says so, and has its decision."""
    for start in range(0, len(ids), PORTION):
        found = preview_orders(ids[start : start + PORTION])
        _, refused = routable_of([one.loaded for one in found])
        why_not = {one.order.pk: one.sentence for one in refused}
        yield from (_would_be(one, why_not.get(one.loaded.order.pk, "")) for one in found)


def _would_be(one: Decided, why_not: str) -> Row:
    if why_not:
        return one.loaded.order, REFUSED, why_not, one.decision
    said = " ".join(problem.sentence for problem in one.decision.problems)
    return one.loaded.order, ROUTED if one.is_settled else REVIEW, said, one.decision


def as_json(order: Order, state: str, sentence: str, decision: Decision | None) -> dict[str, Any]:
    """The keys that integrations read; a refused order has no decision, only why."""
    if decision is None:
        nothing = dict.fromkeys(("platform", "carrier", "service", "warehouse"))
        return {
            "order": order.number,
            **nothing,
            "parts": [],
            "confidence": 0,
            "needs_review": True,
            "reasons": [sentence],
            "ruleset": None,
            "candidates": [],
            "state": state,
        }
    found = summary(decision) | {"state": state}
    if state == REFUSED:
        found |= {"needs_review": True, "reasons": [sentence, *found["reasons"]]}
    return found


_STATES = {ROUTED: "routed", REVIEW: "waits for a person", REFUSED: "refused"}


def told(order: Order, state: str, sentence: str, decision: Decision | None) -> str:
    """What became of it, then why; a sentence that is among the reasons is said there."""
    said = reasons(decision) if decision else []
    head = [f"{_STATES[state]}."]
    if sentence and not any(reason.startswith(sentence) for reason in said):
        head.append(sentence)
    lines = [f"{order.number}: {' '.join(head)}", *(f"    {reason}" for reason in said)]
    if decision and decision.confidence_parts:
        lines.append(f"    Confidence {decision.confidence} of 100:")
        lines += [f"        {confidence_sentence(part)}" for part in decision.confidence_parts]
    return "\n".join(lines)
