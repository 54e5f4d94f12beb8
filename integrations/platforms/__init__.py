"""The platforms we can talk to. Adding one: docs/adding-a-platform.md."""

from integrations.platforms.base import Account, Platform
from integrations.platforms.calls import Hooks
from integrations.platforms.easyship.adapter import Easyship
from integrations.platforms.veeqo.adapter import Veeqo


def connect(kind: str, account: Account, hooks: Hooks, version: str) -> Platform:
    """The adapter of one account; it makes no call yet. Keep it for as long as the process runs.

    `version` goes into the User-Agent. Raises BadCredentials for a key no header can carry, and
    ValueError for an unknown kind or a base URL that is none.
    """
    match kind:
        case "veeqo":
            return Veeqo(account, hooks, version)
        case "easyship":
            return Easyship(account, hooks, version)
        case _:
            raise ValueError(f"No platform is called {kind!r}.")
