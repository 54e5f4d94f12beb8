"""What the sandbox can be told at start; the same for `manage.py sandbox` and `python -m`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from integrations.sandbox.fault_kinds import describe_faults
from integrations.sandbox.faults import BadScenario, parse_scenario
from integrations.sandbox.limits import BadRate, parse_rate

HIGHEST_PORT = 65_535
VEEQO_RATE = "5:56"
EASYSHIP_RATE = "60:10"
EASYSHIP_SANDBOX_RATE = "6:1"
RATE_HELP = {
    "veeqo": "PER_SECOND[:BUCKET]",
    "easyship": "PER_MINUTE[:PER_SECOND]",
}


class BadOption(ValueError):
    """An option cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """Speed: how many times faster than life parcels travel. An empty rate means no limit."""

    host: str = "127.0.0.1"
    port: int = 8765
    state: Path = Path("var/sandbox")
    world: Path | None = None
    fresh: bool = False
    seed: int = 1
    faults: str = ""
    speed: float = 1440.0
    label_seconds: float = 2.0
    quote_seconds: float = 600.0
    veeqo_key: str = "sandbox-veeqo-key"
    veeqo_rate: tuple[float, ...] = (5.0, 56.0)
    easyship_token: str = "sandbox-easyship-token"  # noqa: S105 — the sandbox's well-known token
    easyship_scopes: str = "all"
    easyship_rate: tuple[float, ...] = (60.0, 10.0)
    easyship_sliding: bool = False
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_attempts: int = 30
    webhook_pause: float = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options on a parser, with the faults explained below them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = describe_faults()
    _add_place(parser)
    _add_behaviour(parser)
    _add_access(parser)
    _add_webhooks(parser)


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free one")
    parser.add_argument("--state", default="var/sandbox", help="folder of its memory")
    parser.add_argument("--world", help="JSON file of warehouses, products and services")
    parser.add_argument("--fresh", action="store_true", help="forget the memory first")
    parser.add_argument("--seed", type=int, default=1, help="decides identifiers and faults")


def _add_behaviour(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--faults", default="", help="faults or scenarios, see below")
    parser.add_argument(
        "--speed", type=float, default=1440.0, help="parcels' time against real time (1440)"
    )
    parser.add_argument(
        "--label-seconds", type=float, default=2.0, help="how long an asynchronous label takes"
    )
    parser.add_argument(
        "--quote-seconds", type=float, default=600.0, help="how long a Veeqo rate can be bought"
    )
    parser.add_argument("--veeqo-rate", default="", help=f"{RATE_HELP['veeqo']} ({VEEQO_RATE})")
    parser.add_argument(
        "--easyship-rate", default="", help=f"{RATE_HELP['easyship']} ({EASYSHIP_RATE})"
    )
    parser.add_argument(
        "--sandbox-limits",
        action="store_true",
        help=f"Easyship's limits for sandbox tokens ({EASYSHIP_SANDBOX_RATE})",
    )
    parser.add_argument(
        "--easyship-sliding", action="store_true", help="count Easyship's limits in any window"
    )


def _add_access(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--veeqo-key", default=Options.__dataclass_fields__["veeqo_key"].default)
    parser.add_argument(
        "--easyship-token", default=Options.__dataclass_fields__["easyship_token"].default
    )
    parser.add_argument(
        "--easyship-scopes", default="all", help="what the token may do, e.g. rate:read,label:write"
    )


def _add_webhooks(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--webhook-url", default="", help="where Easyship's webhooks go")
    parser.add_argument("--webhook-secret", default="", help="what they are signed with")
    parser.add_argument(
        "--webhook-attempts", type=int, default=30, help="deliveries before giving up"
    )
    parser.add_argument("--webhook-pause", type=float, default=2.0, help="seconds between them")


def options_from(arguments: argparse.Namespace) -> Options:
    """The checked options. Raises BadOption."""
    values = {
        name: getattr(arguments, name)
        for name in Options.__dataclass_fields__
        if hasattr(arguments, name)
    }
    values["state"] = Path(arguments.state)
    values["world"] = Path(arguments.world) if arguments.world else None
    easyship = EASYSHIP_SANDBOX_RATE if arguments.sandbox_limits else EASYSHIP_RATE
    try:
        parse_scenario(arguments.faults)
        values["veeqo_rate"] = _veeqo_rate(arguments.veeqo_rate or VEEQO_RATE)
        values["easyship_rate"] = _easyship_rate(arguments.easyship_rate or easyship)
    except (BadScenario, BadRate) as error:
        raise BadOption(str(error)) from error
    if not 0 <= arguments.port <= HIGHEST_PORT:
        raise BadOption(f"--port {arguments.port} is no port: 0 to {HIGHEST_PORT}.")
    if arguments.speed <= 0:
        raise BadOption("--speed must be above nought.")
    if bool(arguments.webhook_url) != bool(arguments.webhook_secret):
        raise BadOption("--webhook-url and --webhook-secret belong together.")
    return Options(**values)


def _veeqo_rate(text: str) -> tuple[float, ...]:
    """Requests a second and the bucket's size, which is eleven seconds' worth unless given."""
    rate = parse_rate(text, RATE_HELP["veeqo"])
    return rate if len(rate) != 1 else (rate[0], max(1.0, rate[0] * 11.2))


def _easyship_rate(text: str) -> tuple[float, ...]:
    """Requests a minute and a second; a sixth of the minute's in a second unless given."""
    rate = parse_rate(text, RATE_HELP["easyship"])
    return rate if len(rate) != 1 else (rate[0], max(1.0, rate[0] / 6))
