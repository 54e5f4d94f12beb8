"""One run of a cluster: its process group, its reports and its lifeline."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings

_CHUNK = 65_536


class ClusterProcess:
    """A cluster in a process group of its own, so that all of it can be ended at once."""

    def __init__(self, queue_name: str):
        self._reports, reports_end = os.pipe()
        lifeline_end, self._lifeline = os.pipe()
        os.set_blocking(self._reports, False)
        self._unfinished_line = b""
        try:
            self._process = _start(queue_name, reports_end, lifeline_end)
        finally:
            os.close(reports_end)
            os.close(lifeline_end)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while the cluster's own parent process lives."""
        return self._process.poll()

    def reports(self) -> list[str]:
        """Every report that has arrived since the last call; never waits."""
        arrived = self._unfinished_line
        with suppress(BlockingIOError):
            while chunk := os.read(self._reports, _CHUNK):
                arrived += chunk
        *lines, self._unfinished_line = arrived.split(b"\n")
        return [line.decode() for line in lines]

    def ask_to_stop(self) -> None:
        """Tell the parent only: told to all at once, workers drop the jobs they are doing."""
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End every process of the group at once, and forget it."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        _reap_adopted(self.pid)
        for descriptor in (self._reports, self._lifeline):
            os.close(descriptor)


def _start(queue_name: str, reports: int, lifeline: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "core.worker.cluster"),
            *("--reports", str(reports), "--lifeline", str(lifeline)),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ | {"Q_CLUSTER_NAME": queue_name},
        stdin=subprocess.DEVNULL,
        pass_fds=(reports, lifeline),
        process_group=0,
    )


def _reap_adopted(group: int, patience: float = 5.0) -> None:
    """Collect the group's other processes where they became ours: as a container's process 1."""
    deadline = time.monotonic() + patience
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            pid, _status = os.waitpid(-group, os.WNOHANG)
            if not pid:
                time.sleep(0.01)
