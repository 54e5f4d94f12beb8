"""
A parcel's way from label to doorstep, as stages that fall due one after the other.

Journey hours pass `speed` times faster than real ones. Platforms say in their own words what
each step means.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum

from integrations.sandbox import clock
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

ACTION = "journey"


class Step(StrEnum):
    """What can happen to a parcel, in words of our own."""

    INFO_RECEIVED = "info_received"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    FAILED_ATTEMPT = "failed_attempt"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


FINAL_STEPS = {Step.DELIVERED, Step.RETURNED, Step.LOST}


@dataclass(frozen=True, slots=True)
class Place:
    """A town as parcels pass it; the country is an alpha-2 code."""

    city: str
    state: str
    country: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.country) if part)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step so many journey hours after the one before."""

    hours: float
    step: Step
    place: Place
    text: str


Report = Callable[[Turn, str, Stage, float], bool]
"""Tells a platform that a shipment reached a stage at a time; False if it travels no more."""


def outcome(turn: Turn, platform: str, reference: str) -> Step:
    """How the journey will end, by the running faults."""
    ends = {"lost-parcel": Step.LOST, "returned": Step.RETURNED, "exception": Step.EXCEPTION}
    for fault, end in ends.items():
        if turn.faults.strike(fault, platform, reference):
            return end
    return Step.DELIVERED


def plan(origin: Place, destination: Place, days: int, end: Step) -> list[Stage]:
    """The stages of a journey of so many days that ends, or is troubled, that way."""
    road = max(24.0 * days - 20, 4.0)
    start = [
        Stage(1, Step.INFO_RECEIVED, origin, "Shipping label created, package details received"),
        Stage(8, Step.COLLECTED, origin, "Picked up"),
        Stage(3, Step.IN_TRANSIT, origin, "Departed the origin facility"),
    ]
    arrival = Stage(road, Step.IN_TRANSIT, destination, "Arrived at the local facility")
    delivery = [
        Stage(4, Step.OUT_FOR_DELIVERY, destination, "Out for delivery"),
        Stage(4, Step.DELIVERED, destination, "Delivered"),
    ]
    match end:
        case Step.LOST:
            return [*start, Stage(road, Step.LOST, origin, "The package cannot be found")]
        case Step.RETURNED:
            return [*start, arrival, *_way_back(origin, destination)]
        case Step.EXCEPTION:
            trouble = Stage(road / 2, Step.EXCEPTION, destination, "Delayed by severe weather")
            return [*start, trouble, arrival, *delivery]
        case _:
            return [*start, arrival, *delivery]


def _way_back(origin: Place, destination: Place) -> list[Stage]:
    return [
        Stage(4, Step.OUT_FOR_DELIVERY, destination, "Out for delivery"),
        Stage(5, Step.FAILED_ATTEMPT, destination, "Nobody was there to receive the package"),
        Stage(72, Step.RETURNED, origin, "Returned to the sender"),
    ]


def begin(turn: Turn, platform: str, shipment: str, stages: list[Stage]) -> None:
    """Send a parcel on its way from now on."""
    body = {
        "platform": platform,
        "shipment": shipment,
        "last": turn.now,
        "stages": [asdict(stage) for stage in stages],
    }
    _schedule_next(turn, body, turn.now)


def _schedule_next(turn: Turn, body: Json, after: float) -> None:
    hours = body["stages"][0]["hours"]
    turn.schedule(after + hours * clock.HOUR / turn.options.speed, ACTION, body)


def stage_from(content: Json) -> Stage:
    """A stage from the JSON it is kept as."""
    place = Place(**content["place"])
    return Stage(content["hours"], Step(content["step"]), place, content["text"])


def reach_next(turn: Turn, body: Json, due: float, reports: dict[str, Report]) -> None:
    """Report the stage that fell due and wait for the one after it."""
    # A journey moved forward by hand has stages due before its label was bought.
    at = due if due >= body["last"] else turn.now
    first, *rest = body["stages"]
    travels = reports[body["platform"]](turn, body["shipment"], stage_from(first), at)
    if travels and rest:
        _schedule_next(turn, {**body, "stages": rest, "last": at}, due)


def advance(turn: Turn, hours: float) -> None:
    """Bring every journey forward by so many journey hours."""
    seconds = hours * clock.HOUR / turn.options.speed
    turn.tx.run("UPDATE agenda SET due = due - ? WHERE action = ?", seconds, ACTION)


def abandon(turn: Turn, platform: str, shipment: str) -> None:
    """Forget what is left of a journey."""
    turn.tx.run(
        "DELETE FROM agenda WHERE action = ? AND json_extract(body, '$.platform') = ?"
        " AND json_extract(body, '$.shipment') = ?",
        ACTION,
        platform,
        shipment,
    )
