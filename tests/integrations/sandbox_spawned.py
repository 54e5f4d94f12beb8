"""A sandbox in a process of its own, for tests and benchmarks."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.integrations.sandbox_client import ROOT, SandboxClient

UNLIMITED = ("--veeqo-rate", "off", "--easyship-rate", "off")


@contextmanager
def spawned(state: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], SandboxClient]]:
    """`python -m integrations.sandbox` on a free port."""
    command = [sys.executable, "-m", "integrations.sandbox", "--port", "0", "--state", str(state)]
    process = subprocess.Popen(
        [*command, *UNLIMITED, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, f"{line} {process.stderr.read() if process.stderr else ''}"
    client = SandboxClient(found.group(0))
    try:
        yield process, client
    finally:
        client.session.close()
        if process.poll() is None:
            process.kill()
        errors = process.communicate()[1]
    assert "Traceback" not in errors, errors


def rich_world(folder: Path) -> Path:
    """A world file like the built-in one, but with goods and credit for any number of orders."""
    world = json.loads((ROOT / "integrations/sandbox/default_world.json").read_text())
    world["account"]["easyship_balance"] = 10_000_000
    for product in world["products"]:
        product["stock"] = dict.fromkeys(product["stock"], 1_000_000)
    path = folder / "rich_world.json"
    path.write_text(json.dumps(world))
    return path
