"""
Which fault befalls which request, decided by the seed alone.

A roll depends on the seed, the fault, and what is asked for the how-maniest time, not on the
clock or on the order in which clients arrive: the same calls meet the same faults again.
"""

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.sandbox.fault_kinds import FAULT_KINDS, SCENARIOS, FaultKind, Stage
from integrations.sandbox.messages import Request

_VERSION = re.compile(r"^/\d{4}-\d{2}(?=/)")


class BadScenario(ValueError):
    """The text does not name faults; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the running scenario.

    Target: a platform or a path prefix, empty for all; the version in Easyship's paths may be
    left out.
    """

    kind: FaultKind
    probability: float
    value: float
    target: str = ""

    def aims_at(self, platform: str, path: str) -> bool:
        target = self.target.lstrip("/")
        paths = (path, _VERSION.sub("", path))
        return not target or any(f"{platform}{each}".startswith(target) for each in paths)

    def __str__(self) -> str:
        text = f"{self.kind.name}:{self.probability:g}"
        if self.kind.value:
            text += f":{self.value:g}"
        return f"{text}@{self.target}" if self.target else text


def parse_scenario(text: str) -> list[Fault]:
    """
    Read "lost-response:0.3,429:0.1", with optional value and target: "slow:0.1:5@veeqo/orders".

    Raises BadScenario.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    expanded = [piece for part in parts for piece in _expand(part)]
    faults = [_parse_fault(piece) for piece in expanded]
    _refuse_impossible_sums(faults)
    return faults


def _expand(part: str) -> list[str]:
    if part not in SCENARIOS or part in FAULT_KINDS:
        return [part]
    return [piece for piece in SCENARIOS[part].split(",") if piece]


def _parse_fault(text: str) -> Fault:
    head, _, target = text.partition("@")
    name, *numbers = head.split(":")
    kind = FAULT_KINDS.get(name)
    if kind is None:
        known = ", ".join([*FAULT_KINDS, *SCENARIOS])
        raise BadScenario(f"There is no fault or scenario “{name}”. Known are: {known}.")
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        raise BadScenario(f"“{text}”: after the name come numbers, as in {name}:0.1.") from None
    if len(values) == 1 and kind.name == "search-lag":
        values = [1.0, *values]
    probability, value, *surplus = [*values, *(1.0, kind.value)[len(values) :]]
    if surplus or not 0 <= probability <= 1 or value < 0:
        raise BadScenario(f"“{text}”: expected {name}:PROBABILITY[:VALUE], probability 0 to 1.")
    return Fault(kind, probability, value, target)


def _refuse_impossible_sums(faults: Sequence[Fault]) -> None:
    shares = [fault.probability for fault in faults if fault.kind.stage is Stage.EXCHANGE]
    targets = {fault.target for fault in faults}
    if len(targets) <= 1 and sum(shares) > 1.000001:
        raise BadScenario(
            f"The faults of one request add up to {sum(shares):g}; they may not exceed 1."
        )


class Faults:
    """The running scenario."""

    def __init__(self, scenario: str, seed: int):
        self._lock = threading.Lock()
        self._asked: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.seed = seed
        self.change(scenario)

    def change(self, scenario: str) -> None:
        """Run another scenario from now on. Raises BadScenario and keeps the old one."""
        active = parse_scenario(scenario)
        with self._lock:
            self.active = active
            self.scenario = ",".join(str(fault) for fault in active)

    def for_request(self, platform: str, request: Request) -> Fault | None:
        """The fault of this exchange, if any."""
        digest = hashlib.sha256(repr((request.path, request.query)).encode() + request.body)
        share = self._roll(f"exchange {platform} {request.method} {digest.hexdigest()}")
        for fault in self._aimed(Stage.EXCHANGE, platform, request.path):
            if share < fault.probability:
                skipped = fault.kind.writes_only and not request.is_write
                return None if skipped else self._count(fault)
            share -= fault.probability
        return None

    def strike(self, name: str, platform: str, key: str, path: str = "") -> Fault | None:
        """Whether a named fault befalls the thing called key; each question rolls anew."""
        kind = FAULT_KINDS[name]
        for fault in self._aimed(kind.stage, platform, path):
            if fault.kind is kind and self._roll(f"{name} {platform} {key}") < fault.probability:
                return self._count(fault)
        return None

    def search_lag(self, platform: str) -> float:
        """Seconds for which a new object is not found by lists and searches."""
        aimed = self._aimed(Stage.OUTCOME, platform, "")
        return max((f.value for f in aimed if f.kind.name == "search-lag"), default=0.0)

    def _aimed(self, stage: Stage, platform: str, path: str) -> list[Fault]:
        return [f for f in self.active if f.kind.stage is stage and f.aims_at(platform, path)]

    def _roll(self, key: str) -> float:
        with self._lock:
            self._asked[key] += 1
            occurrence = self._asked[key]
        digest = hashlib.sha256(f"{self.seed}|{key}|{occurrence}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def _count(self, fault: Fault) -> Fault:
        with self._lock:
            self.struck[fault.kind.name] += 1
        return fault
