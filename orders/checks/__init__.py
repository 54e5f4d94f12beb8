"""Checking an order: small named checks, each a pure function. See docs/checks.md."""

from orders.checks.codes import CODES, NEVER_OVERRIDDEN, ROUTE
from orders.checks.keys import address_key, address_line, fingerprint
from orders.checks.run import ABOUT_THE_ADDRESS, CHECKS, check_order
from orders.checks.values import (
    Change,
    CheckedLine,
    CheckedOrder,
    Found,
    ProductFacts,
    Verdict,
    World,
)
from orders.intake.parsed import Severity

__all__ = [
    "ABOUT_THE_ADDRESS",
    "CHECKS",
    "CODES",
    "NEVER_OVERRIDDEN",
    "ROUTE",
    "Change",
    "CheckedLine",
    "CheckedOrder",
    "Found",
    "ProductFacts",
    "Severity",
    "Verdict",
    "World",
    "address_key",
    "address_line",
    "check_order",
    "fingerprint",
]
