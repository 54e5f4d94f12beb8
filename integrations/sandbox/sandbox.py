"""The sandbox: both platforms over one memory."""

import fcntl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from integrations.sandbox import agenda, clock, journeys, statistics
from integrations.sandbox.control import routes as control
from integrations.sandbox.easyship import batches as easyship_batches
from integrations.sandbox.easyship import labels as easyship_labels
from integrations.sandbox.easyship import seeding as easyship_seeding
from integrations.sandbox.easyship import tracking as easyship_tracking
from integrations.sandbox.easyship.platform import Easyship
from integrations.sandbox.exchange import Exchange, Platform, Reply
from integrations.sandbox.faults import Faults
from integrations.sandbox.messages import Json, Request
from integrations.sandbox.options import Options
from integrations.sandbox.store import Store, Transaction
from integrations.sandbox.turn import Action, Turn
from integrations.sandbox.veeqo import seeding as veeqo_seeding
from integrations.sandbox.veeqo import tracking as veeqo_tracking
from integrations.sandbox.veeqo.platform import Veeqo
from integrations.sandbox.webhooks import Deliveries
from integrations.sandbox.world import World, complete, load_content, parse_world


class StateInUse(RuntimeError):
    """Another sandbox works on the same memory."""


class Sandbox:
    """Handles requests, and in the background whatever falls due."""

    def __init__(self, options: Options):
        self.options = options
        self.base_url = f"http://{options.host}:{options.port}"
        self.faults = Faults(options.faults, options.seed)
        self.counts = statistics.Statistics()
        self._lock_file = _claim(options.state)
        self.store = Store(options.state / "sandbox.db")
        self.world = self._open_world()
        self.platforms: list[Platform] = [Veeqo(options), Easyship(options)]
        self._exchange = Exchange(self.turn, self.faults, self.counts)
        self.deliveries = Deliveries(self.turn, options)
        reports: Mapping[str, journeys.Report] = {
            "veeqo": veeqo_tracking.report,
            "easyship": easyship_tracking.report,
        }
        self._actions: dict[str, Action] = {
            journeys.ACTION: partial(journeys.reach_next, reports=dict(reports)),
            **easyship_labels.ACTIONS,
            **easyship_batches.ACTIONS,
        }
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def _open_world(self) -> World:
        """The world of the file, else the one remembered, else the built-in one; seeded."""
        with self.store.transaction() as tx:
            if self.options.fresh:
                tx.clear()
            remembered = tx.setting("world")
            given = self.options.world
            return self._seed(tx, load_content(given) if given or not remembered else remembered)

    def _seed(self, tx: Transaction, content: Json) -> World:
        """Remember the world and put it into both platforms, where they do not hold it yet."""
        world = parse_world(content)
        tx.set_setting("world", content)
        turn = Turn(tx, world, self.faults, self.options, clock.now(), self.base_url)
        veeqo_seeding.seed(turn)
        easyship_seeding.seed(turn)
        return world

    def begin_anew(self, world: Json | None) -> None:
        """Forget everything; start from this world, or from the same. Raises BadWorld."""
        with self.store.transaction() as tx:
            content = tx.setting("world") if world is None else complete(world)
            tx.clear()
            self.world = self._seed(tx, content)
        self.counts.forget()

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One transaction with the sandbox's circumstances."""
        with self.store.transaction() as tx:
            yield Turn(tx, self.world, self.faults, self.options, clock.now(), self.base_url)

    def handle(self, request: Request) -> Reply:
        for platform in self.platforms:
            if request.path.startswith(platform.prefix + "/"):
                inside = replace(request, path=request.path.removeprefix(platform.prefix))
                return self._exchange.take(platform, inside)
        return Reply(control.answer(self, request))

    def start(self) -> None:
        """Begin the work in the background."""
        for work in (self._keep_agenda, self._keep_delivering):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """End the work in the background and let go of the memory."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self.store.close()
        self._lock_file.close()

    def run_agenda(self) -> int:
        """Do what has fallen due; how many actions ran."""
        with self.turn() as turn:
            return agenda.run_due(turn, self._actions)

    def _keep_agenda(self) -> None:
        while not self._stopped.wait(0.1):
            while self.run_agenda() == agenda.BATCH:
                pass

    def _keep_delivering(self) -> None:
        while not self._stopped.wait(0.05):
            while self.deliveries.deliver_next() and not self._stopped.is_set():
                pass


def _claim(folder: Path) -> IO[str]:
    """Lock the memory against a second sandbox. Raises StateInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = (folder / "lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise StateInUse(
            f"Another sandbox uses {folder}. Stop it, or choose another folder with --state."
        ) from error
    return handle
