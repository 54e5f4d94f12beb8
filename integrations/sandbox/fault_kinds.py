"""Every way the sandbox can misbehave, with the sentence shown in --help and on the page."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a fault strikes."""

    EXCHANGE = "exchange"
    """One of these at most befalls a request; their probabilities add up."""
    DELAY = "delay"
    OUTCOME = "outcome"
    """The answer is well-formed; what it says is unwelcome."""
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A named fault; value is its second number, in seconds unless the text says otherwise."""

    name: str
    stage: Stage
    text: str
    value: float = 0.0
    writes_only: bool = False


FAULT_KINDS = {
    kind.name: kind
    for kind in (
        FaultKind("lost-request", Stage.EXCHANGE, "connection cut before anything is done"),
        FaultKind("429", Stage.EXCHANGE, "refused as if the rate limit were reached; nothing done"),
        FaultKind("500", Stage.EXCHANGE, "internal server error; nothing done"),
        FaultKind("html", Stage.EXCHANGE, "502 with an HTML page; nothing done"),
        FaultKind(
            "allowance",
            Stage.EXCHANGE,
            "Easyship only: 403 because the plan's allowance of calls is used up; nothing done",
        ),
        FaultKind(
            "lost-response",
            Stage.EXCHANGE,
            "a write is committed, then the connection is cut without an answer",
            writes_only=True,
        ),
        FaultKind(
            "500-after", Stage.EXCHANGE, "a write is committed, then answered 500", writes_only=True
        ),
        FaultKind("html-after", Stage.EXCHANGE, "done, but answered 200 with an HTML page"),
        FaultKind("truncated", Stage.EXCHANGE, "done, but half of the JSON is missing"),
        FaultKind("cut-off", Stage.EXCHANGE, "done, but the connection is cut inside the answer"),
        FaultKind("slow", Stage.DELAY, "the answer waits (value: seconds)", value=3.0),
        FaultKind(
            "search-lag",
            Stage.OUTCOME,
            "lists and searches miss an object for its first seconds (value: seconds); "
            "`search-lag:60` is short for `search-lag:1:60`",
            value=60.0,
        ),
        FaultKind("label-fails", Stage.OUTCOME, "the carrier refuses the label"),
        FaultKind("cancelled-create", Stage.OUTCOME, "create answers with a cancelled object"),
        FaultKind("dear", Stage.OUTCOME, "rates are dearer (value: factor)", value=2.0),
        FaultKind(
            "loose",
            Stage.OUTCOME,
            "Veeqo only: a bought label comes without label_url, its tracking number as a string",
        ),
        FaultKind("exception", Stage.OUTCOME, "the parcel meets an exception, then is delivered"),
        FaultKind("returned", Stage.OUTCOME, "the parcel goes back to the sender"),
        FaultKind("lost-parcel", Stage.OUTCOME, "the carrier loses the parcel"),
        FaultKind("webhook-duplicate", Stage.WEBHOOK, "delivered twice"),
        FaultKind("webhook-late", Stage.WEBHOOK, "delivered late (value: seconds)", value=30.0),
        FaultKind(
            "webhook-reordered",
            Stage.WEBHOOK,
            "held back so that later ones overtake it (value: seconds)",
            value=2.0,
        ),
        FaultKind("webhook-lost", Stage.WEBHOOK, "never delivered"),
        FaultKind(
            "webhook-forged",
            Stage.WEBHOOK,
            "preceded by one with false content and a signature of another secret",
        ),
    )
}

SCENARIOS = {
    "none": "",
    "crash-test": "lost-response:0.3,429:0.1,500:0.1",
    "lossy": "lost-request:0.15,lost-response:0.3",
    "storm": "429:0.2,500:0.2,slow:0.1:3,truncated:0.05",
    "unreadable": "html:0.1,html-after:0.1,truncated:0.1,cut-off:0.1",
    "down": "500:1",
    "throttled": "429:1",
    "search-lag": "search-lag:60",
    "label-trouble": "label-fails:0.3,cancelled-create:0.1,loose:0.3,dear:0.1",
    "parcel-trouble": "exception:0.15,returned:0.05,lost-parcel:0.05",
    "webhook-chaos": (
        "webhook-duplicate:0.3,webhook-reordered:0.2,webhook-late:0.1,webhook-forged:0.1"
    ),
}
"""Named scenarios: each is short for a list of faults."""


def describe_faults() -> str:
    """The faults and scenarios as text for --help."""
    faults = [f"  {kind.name:18} {kind.text}" for kind in FAULT_KINDS.values()]
    scenarios = [f"  {name:18} {faults or 'nothing'}" for name, faults in SCENARIOS.items()]
    return "\n".join(["faults:", *faults, "", "scenarios:", *scenarios])
