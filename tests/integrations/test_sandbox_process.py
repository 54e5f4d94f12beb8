"""The sandbox as a process of its own: start, stop, kill, restart."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    ROOT,
    SandboxClient,
    created_order,
    labelled_shipment,
    veeqo_order,
)
from tests.integrations.sandbox_spawned import spawned


def run_once(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integrations.sandbox", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_it_stops_cleanly_when_asked(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with spawned(tmp_path) as (process, client):
            assert client.veeqo("GET", "/warehouses").status_code == 200
            process.send_signal(number)

            assert process.wait(timeout=10) == 0
            assert process.stderr is not None
            assert process.stderr.read() == ""


def test_it_needs_no_django(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "import integrations.sandbox.process, integrations.sandbox.__main__\n"
        "print(sorted(m for m in sys.modules if m.startswith(('django.', 'requests'))))"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


def test_a_busy_port_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        ran = run_once("--port", port, "--state", str(tmp_path))

    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use). Stop the other"
        " program or choose another port with --port.\n"
    )


def test_a_second_sandbox_on_the_same_memory_is_refused(tmp_path: Path) -> None:
    with spawned(tmp_path):
        ran = run_once("--port", "0", "--state", str(tmp_path))

    assert ran.returncode == 1
    assert ran.stderr.startswith("Another sandbox uses")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--faults", "odd"), "There is no fault or scenario “odd”"),
        (("--veeqo-rate", "fast"), "“fast” is not a rate; expected PER_SECOND[:BUCKET] or off."),
        (("--speed", "0"), "--speed must be above nought."),
        (("--port", "65536"), "--port 65536 is no port: 0 to 65535."),
        (("--webhook-url", "http://127.0.0.1:1/"), "--webhook-url and --webhook-secret belong"),
        (("--world", "/nowhere.json"), "The world file /nowhere.json cannot be read"),
    ],
)
def test_options_that_make_no_sense_are_explained(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = run_once("--port", "0", "--state", str(tmp_path), *arguments)

    assert ran.returncode == 1
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_help_explains_every_fault() -> None:
    ran = run_once("--help")

    assert ran.returncode == 0
    for word in ("lost-response", "search-lag", "webhook-forged", "crash-test", "--sandbox-limits"):
        assert word in ran.stdout


def test_what_it_held_survives_a_restart(tmp_path: Path) -> None:
    with spawned(tmp_path) as (process, client):
        created_order(client, "CD-1")
        number = labelled_shipment(client, "CD-2")["easyship_shipment_id"]
        before = client.control("references")
        requests_before = client.control("statistics")["veeqo"]["requests"]
        process.terminate()
        process.wait(timeout=10)
    with spawned(tmp_path) as (_, client):
        assert client.control("references") == before
        assert client.control("statistics")["veeqo"]["requests"] == requests_before
        client.control("advance", hours=24 * 14)
        shown = client.easyship("GET", f"/shipments/{number}").json()["shipment"]
        following = created_order(client, "CD-3")

    assert shown["delivery_state"] == "delivered"
    assert following["id"] == 41002


def post_until_killed(url: str, bodies: list[dict[str, object]], done: list[str]) -> None:
    """Create orders until the connection breaks; the numbers of those that were answered."""
    session = requests.Session()
    headers = {"x-api-key": sandbox_client.VEEQO_KEY}
    for body in bodies:
        try:
            response = session.post(f"{url}/veeqo/orders", json=body, headers=headers, timeout=5)
        except requests.RequestException:
            break
        if response.status_code == 201:
            done.append(response.json()["number"])
    session.close()


def test_kill_9_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    answered: list[str] = []
    for life in range(3):
        with spawned(tmp_path) as (process, client):
            client.control("stock", sku="MUG-BLU", warehouse="NV", physical=100_000)
            template = veeqo_order(client)["order"]
            threads = []
            for worker in range(4):
                bodies = [
                    {"order": {**template, "number": f"K-{life}-{worker}-{n}"}} for n in range(500)
                ]
                arguments = (client.url, bodies, answered)
                threads.append(threading.Thread(target=post_until_killed, args=arguments))
            for thread in threads:
                thread.start()
            time.sleep(0.7)
            os.kill(process.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
    with spawned(tmp_path) as (_, client):
        kept = client.control("references")["veeqo"]
        state = client.control("state")["objects"]

    assert len(answered) > 20
    assert {number for number in answered if kept.get(number, {}).get("created") != 1} == set()
    # No half of a request either: every order is whole, and stock equals what orders claim.
    claimed = sum(line["quantity"] for held in state["veeqo.allocation"] for line in held["lines"])
    assert claimed == sum(entry["allocated"] for entry in state["veeqo.stock"])
    assert all(order["status"] == "awaiting_fulfillment" for order in state["veeqo.order"])


def test_commits_go_to_a_write_ahead_log(tmp_path: Path) -> None:
    with spawned(tmp_path):
        connection = sqlite3.connect(tmp_path / "sandbox.db")
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        connection.close()

    assert mode == "wal"


def test_a_world_file_fills_both_platforms_and_new_entries_are_added_later(
    tmp_path: Path,
) -> None:
    world = tmp_path / "world.json"
    world.write_text(sandbox_client.small_world(), encoding="utf-8")
    with spawned(tmp_path / "state", "--world", str(world)) as (_, client):
        assert [row["name"] for row in client.veeqo("GET", "/warehouses").json()] == ["Reno NV"]
        order = created_order(client, "CD-1")
    content = json.loads(world.read_text(encoding="utf-8"))
    content["products"].append({**content["products"][0], "sku": "BOWL"})
    world.write_text(json.dumps(content), encoding="utf-8")

    with spawned(tmp_path / "state", "--world", str(world)) as (_, client):
        products = client.veeqo("GET", "/products?page_size=100").json()
        mirrored = client.easyship("GET", "/products").json()["products"]
        kept = client.veeqo("GET", f"/orders/{order['id']}").json()

    skus = {sellable["sku_code"] for row in products for sellable in row["sellables"]}
    assert skus == {"MUG-BLU", "BOWL"}
    assert {row["identifier"] for row in mirrored} == {"MUG-BLU", "BOWL"}
    assert kept["number"] == "CD-1"


def test_a_fresh_start_forgets_everything(tmp_path: Path) -> None:
    with spawned(tmp_path) as (_, client):
        created_order(client, "CD-1")
    with spawned(tmp_path, "--fresh") as (_, client):
        assert client.control("references") == {"veeqo": {}, "easyship": {}}
        assert created_order(client, "CD-1")["id"] == 41001


def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    with spawned(tmp_path) as (_, client):
        port = int(client.url.rsplit(":", 1)[1])
        rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        listening = [row.split()[1] for row in rows if row.split()[3] == "0A"]

    ours = [address for address in listening if address.endswith(f":{port:04X}")]
    assert ours == [f"0100007F:{port:04X}"]


def command(*arguments: str) -> tuple[list[str], dict[str, str]]:
    """`manage.py sandbox` with the settings of this run, and its environment."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    environment["DJANGO_SETTINGS_MODULE"] = settings.SETTINGS_MODULE
    return [sys.executable, "-m", "django", "sandbox", *arguments], environment


def test_the_management_command_serves_and_stops(tmp_path: Path) -> None:
    line, environment = command("--port", "0", "--state", str(tmp_path), "--faults", "500:1@veeqo")
    process = subprocess.Popen(
        line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    with requests.Session() as session:
        client = SandboxClient(found.group(0), session=session)
        assert client.easyship("GET", "/account").status_code == 200
        assert client.veeqo("GET", "/warehouses").status_code == 500
    process.terminate()

    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


def test_the_management_command_explains_why_it_cannot_start(tmp_path: Path) -> None:
    line, environment = command("--port", "0", "--state", str(tmp_path), "--faults", "odd")

    ran = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
    )

    assert ran.returncode == 1
    assert ran.stderr.startswith("CommandError: There is no fault or scenario “odd”.")
    assert ran.stderr.count("\n") == 1
