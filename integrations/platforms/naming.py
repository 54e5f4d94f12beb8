"""Signs an adapter's errors with its platform's name, wherever in the adapter they began."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from integrations.platforms.errors import PlatformError

Adapter = TypeVar("Adapter")


def speaks_for(platform: str) -> Callable[[type[Adapter]], type[Adapter]]:
    """Class decorator: PlatformErrors leaving public methods say which platform they are about."""

    def sign(adapter: type[Adapter]) -> type[Adapter]:
        for name, method in vars(adapter).copy().items():
            if callable(method) and not name.startswith("_"):
                setattr(adapter, name, _signed(method, platform))
        return adapter

    return sign


def _signed(method: Callable[..., Any], platform: str) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except PlatformError as error:
            error.platform = platform
            raise

    return call
