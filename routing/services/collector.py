"""Python's collector of cycles rests while decisions are made by the hundred."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting_collector() -> Iterator[None]:
    """A chunk of decisions is a million small values without a cycle among them.

    The collector walks through them again and again and frees none: half of the batch's time.
    """
    was_awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_awake:
            gc.enable()
