"""The demo's own platforms: a sandbox that knows the demo world, as a child process."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from django.conf import settings
from django.urls import reverse

from config.ports import check_port_free
from config.serving import start, stop
from core.errors import DomainError
from integrations.models import Dispatch
from integrations.sync.world import world

HOST = "127.0.0.1"
_PATIENCE_SECONDS = 30.0


class NotOurSandbox(DomainError):
    code = "not_our_sandbox"

    def __init__(self, name: str, address: str, wanted: str):
        super().__init__(
            f"The demo sends orders to its own sandbox only, and {name} is {address}. "
            f"Use `make demo`, or set it to {wanted}."
        )


class SandboxSilent(DomainError):
    code = "sandbox_silent"

    def __init__(self, port: int):
        super().__init__(
            f"The sandbox did not start on port {port}. Read what it printed above, "
            f"or choose another port with SANDBOX_PORT={port + 1}."
        )


def check_sandbox(port: int) -> None:
    """Before anything is done. Raises NotOurSandbox, PortBusy."""
    wanted = {"VEEQO_BASE_URL": "veeqo", "EASYSHIP_BASE_URL": "easyship/2024-09"}
    for name, path in wanted.items():
        address, ours = getattr(settings, name), f"http://{HOST}:{port}/{path}"
        if address.rstrip("/") != ours:
            raise NotOurSandbox(name, address, ours)
    check_port_free(HOST, port, "SANDBOX_PORT")


@contextmanager
def sandbox(port: int, folder: Path, site: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A sandbox of our network and catalogue, ended with the block. Raises SandboxSilent.

    Its memory in `folder` lasts as long as ours of what was sent: ids there never come twice.
    Its webhooks go to `site`, a URL without a path, if there is one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "world.json"
    file.write_text(json.dumps(world()), encoding="utf-8")
    options = ["--port", str(port), "--state", str(folder / "state"), "--world", str(file)]
    if not Dispatch.objects.exists():
        options.append("--fresh")
    if site:
        secret = settings.EASYSHIP_WEBHOOK_SECRET.split(",")[0].strip()
        hook = site + reverse("easyship-webhook")
        options += ["--webhook-url", hook, "--webhook-secret", secret]
    child = start("sandbox", *options, quiet=True)
    try:
        _wait_until_ready(child, port)
        yield child
    finally:
        stop([child])


def _wait_until_ready(child: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if _answers(port):
            return
        time.sleep(0.1)
    raise SandboxSilent(port)


def _answers(port: int) -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"http://{HOST}:{port}/_control/health", timeout=2).ok
        except requests.RequestException:
            return False
