"""Trying the settings of a platform: what works, and which setting to look at where it does not."""

from dataclasses import replace

from core.correlation import correlated
from integrations.dispatching.connections import platform_named
from integrations.platforms.errors import PlatformError
from integrations.platforms.remote import Check, Probe
from warehouses.models import Platform

_ADDRESS = {Platform.VEEQO: "VEEQO_BASE_URL", Platform.EASYSHIP: "EASYSHIP_BASE_URL"}
_KEY = {Platform.VEEQO: "VEEQO_API_KEY", Platform.EASYSHIP: "EASYSHIP_API_TOKEN"}
_STORE = "VEEQO_CHANNEL_ID"
_WAIT = "The platform is in trouble or held back; check again later."


@correlated()
def probe_platform(platform: str) -> Probe:
    """A few calls that change nothing; settings that cannot even be used are a failed check, too.

    Raises ValueError for an unknown platform.
    """
    platform = Platform(platform)
    try:
        found = platform_named(platform).probe()
    except PlatformError as error:
        found = Probe((Check("Settings", False, error.said, error.code),))
    except ValueError as error:
        return Probe((Check("Settings", False, f"{error} Correct {_ADDRESS[platform]}."),))
    first = found.checks[0]
    return Probe(tuple(_advised(platform, check, check is first) for check in found.checks))


def _advised(platform: Platform, check: Check, is_first: bool) -> Check:
    if not check.code:
        return check
    advice = _advice(platform, check, is_first)
    return replace(check, words=" ".join([check.words, *advice]))


def _advice(platform: Platform, check: Check, is_first: bool) -> list[str]:
    address, key = _ADDRESS[platform], _KEY[platform]
    match check.code:
        case "bad_credentials":
            return [f"Check {key} and what it may do there."]
        case "unavailable" if is_first:
            return [f"Check {address} and the network; if both are right, check again later."]
        case "not_found" | "garbled" | "unintelligible" | "redirected" if is_first:
            version = ", its version included" if platform == Platform.EASYSHIP else ""
            return [f"Check {address}{version}."]
        case "not_found" | "unsendable" if platform == Platform.VEEQO:
            return [f"Set {_STORE} to the number of the store that new orders belong to."]
        case "allowance_spent":
            return ["Wait for the next period or change the plan there."]
        case "unavailable" | "rate_limited" | "out_of_budget" | "paused":
            return [_WAIT]
        case _:
            return []
