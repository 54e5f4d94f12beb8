"""Trying a connection step by step, told in plain words."""

from collections.abc import Callable, Sequence

from integrations.platforms.errors import PlatformError
from integrations.platforms.remote import Check, Probe

type_of_step = tuple[str, Callable[[], str]]


def run_checks(steps: Sequence[type_of_step]) -> Probe:
    """Each step says what works, or fails with a PlatformError; after the first step fails
    (no connection, wrong key) the others are not tried.
    """
    checks: list[Check] = []
    for what, step in steps:
        if checks and not checks[0].works:
            checks.append(Check(what, False, "Not tried."))
        else:
            checks.append(_tried(what, step))
    return Probe(tuple(checks))


def _tried(what: str, step: Callable[[], str]) -> Check:
    try:
        return Check(what, True, step())
    except PlatformError as error:
        return Check(what, False, error.said, error.code)
