"""Running the sandbox as a process: start, say where, stop cleanly."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from integrations.sandbox.options import BadOption, Options
from integrations.sandbox.sandbox import Sandbox, StateInUse
from integrations.sandbox.server import Server
from integrations.sandbox.world import BadWorld

GRACE_SECONDS = 5.0


class CannotStart(RuntimeError):
    """The sandbox cannot run; the message is one sentence for whoever started it."""


@contextmanager
def running(options: Options) -> Iterator[Server]:
    """A sandbox served from a thread of this process. Raises CannotStart."""
    sandbox = _open(options)
    try:
        server = _listen(options, sandbox)
    except CannotStart:
        sandbox.close()
        raise
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    sandbox.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.wait_until_idle(time.monotonic() + GRACE_SECONDS)
        sandbox.close()


def _open(options: Options) -> Sandbox:
    try:
        return Sandbox(options)
    except (BadWorld, StateInUse, BadOption) as error:
        raise CannotStart(str(error)) from error
    except OSError as error:
        raise CannotStart(f"The folder {options.state} cannot be used: {error}.") from error


def _listen(options: Options, sandbox: Sandbox) -> Server:
    try:
        server = Server((options.host, options.port), sandbox)
    except OSError as error:
        raise CannotStart(
            f"Port {options.port} on {options.host} cannot be used ({error.strerror}). Stop the"
            " other program or choose another port with --port."
        ) from error
    sandbox.base_url = server.url
    return server


def serve(options: Options, announce: Callable[[str], object]) -> None:
    """Run until SIGTERM or Ctrl-C. Raises CannotStart."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    with running(options) as server:
        announce(f"Sandbox ready at {server.url} (state in {options.state}).\n")
        announce(f"Veeqo: {server.url}/veeqo  Easyship: {server.url}/easyship/2024-09\n")
        asked.wait()
        announce("Stopping.\n")
