"""Over real sockets: what a failing network looks like, and what leaves this machine."""

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from integrations.platforms.calls import Hooks, Purpose
from integrations.platforms.errors import (
    BadCredentials,
    PlatformError,
    Redirected,
    Unavailable,
    Unintelligible,
)
from integrations.platforms.faults import Dialect
from integrations.platforms.http import JsonApi, Request
from tests.integrations.samples import KEY

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Server:
    """Answers each connection with `reply(connection)` and keeps what it was sent."""

    def __init__(self, reply: Callable[[socket.socket], None]):
        self.reply = reply
        self.received: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.received.append(_request(connection))
                self.reply(connection)


def _request(connection):
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65536)
    head, _, body = text.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head + b"\r\nContent-Length: 0")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def api_of(reply, **changes):
    server = Server(reply)
    try:
        yield connected(server.port, **changes), server
    finally:
        server.listener.close()


def connected(port, hooks=None, headers=None):
    return JsonApi(
        "Alder",
        f"http://127.0.0.1:{port}/v1",
        headers or {"x-api-key": KEY},
        dialect=Dialect(lambda _body: ""),
        hooks=hooks or Hooks(),
        version="9.9",
    )


def write(api, **changes):
    body = {"number": "A-1"}
    return api.ask(
        Request("POST", "/orders", Purpose.CREATE, body, writes=True, **changes), lambda a: a.body
    )


def says(content, head=OK):
    def reply(connection):
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(content) + content)

    return reply


def failure_of(api, **changes):
    with pytest.raises(PlatformError) as caught:
        write(api, **changes)
    return caught.value


def test_the_key_travels_in_a_header_and_nowhere_else():
    with api_of(says(b"{}")) as (api, server):
        write(api)

    head, _, body = server.received[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/orders HTTP/1.1")
    assert f"x-api-key: {KEY}".encode() in head
    assert b"User-Agent: Crossdock/9.9" in head
    assert body == b'{"number": "A-1"}'


def test_numbers_with_a_point_keep_their_digits():
    with api_of(says(b'{"price": 0.10000000000000000001}')) as (api, _server):
        assert str(write(api)["price"]) == "0.10000000000000000001"


def test_nobody_listening_leaves_no_doubt():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()

    error = failure_of(connected(port))

    assert isinstance(error, Unavailable)
    assert not error.is_ambiguous


def test_a_connection_cut_before_the_answer_leaves_doubt():
    with api_of(lambda _connection: None) as (api, server):
        error = failure_of(api)

    assert isinstance(error, Unavailable)
    assert error.is_ambiguous
    assert len(server.received) == 1


def test_a_connection_cut_within_the_answer_leaves_doubt():
    def half(connection):
        connection.sendall(OK + b'Content-Length: 500\r\n\r\n{"id": 1')

    with api_of(half) as (api, _server):
        error = failure_of(api)

    assert isinstance(error, Unavailable)
    assert error.is_ambiguous


def test_no_answer_in_time_leaves_doubt():
    with api_of(lambda _connection: time.sleep(1)) as (api, server):
        error = failure_of(api, read_seconds=0.2)

    assert isinstance(error, Unavailable)
    assert error.is_ambiguous
    assert "in time" in str(error)
    assert len(server.received) == 1


def test_an_answer_that_drips_for_ever_ends_with_the_time():
    def drip(connection):
        connection.sendall(OK + b"Content-Length: 1000000\r\n\r\n")
        try:
            for _ in range(100):
                connection.sendall(b"x" * 70_000)
                time.sleep(0.05)
        except OSError:
            pass

    with api_of(drip) as (api, _server):
        started = time.monotonic()
        error = failure_of(api, read_seconds=0.3)

    assert isinstance(error, Unavailable)
    assert error.is_ambiguous
    assert time.monotonic() - started < 3


def test_a_small_answer_that_unpacks_into_a_large_one_is_stopped(monkeypatch):
    monkeypatch.setattr("integrations.platforms.http.LARGEST_ANSWER", 1_000_000)
    bomb = gzip.compress(b"0" * 20_000_000)

    with api_of(says(bomb, OK + b"Content-Encoding: gzip\r\n")) as (api, _server):
        error = failure_of(api)

    assert isinstance(error, Unintelligible)
    assert "larger than" in str(error)


def test_a_damaged_answer_leaves_doubt():
    with api_of(says(b"not gzip", OK + b"Content-Encoding: gzip\r\n")) as (api, _server):
        error = failure_of(api)

    assert isinstance(error, Unintelligible)
    assert error.is_ambiguous


def test_a_redirect_never_carries_the_key_to_another_host():
    with api_of(says(b"stolen")) as (_api, thief):
        head = b"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:%d/take\r\n" % thief.port
        with api_of(says(b"", head)) as (api, _server):
            error = failure_of(api)

        assert isinstance(error, Redirected)
        assert thief.received == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_never_makes_this_process_sleep_or_repeat(status):
    head = b"HTTP/1.1 %d Busy\r\nRetry-After: 30\r\n" % status

    with api_of(says(b"", head)) as (api, server):
        started = time.monotonic()
        error = failure_of(api)

    assert time.monotonic() - started < 2
    assert len(server.received) == 1
    assert error.retry_after == 30


def test_a_proxy_from_the_environment_is_not_used(monkeypatch):
    with api_of(says(b"{}")) as (_api, proxy), api_of(says(b"{}")) as (api, server):
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        write(api)

        assert len(server.received) == 1
        assert proxy.received == []


def test_a_cookie_of_the_platform_is_not_sent_back():
    head = OK + b"Set-Cookie: session=abc; Path=/\r\nConnection: close\r\n"

    with api_of(says(b"{}", head)) as (api, server):
        write(api)
        write(api)

    assert b"Cookie" not in server.received[1]


@pytest.mark.parametrize("key", ["", "with\nbreak", "with\r\nX-Evil: 1", "ключ", " ", "a\x00b"])
def test_a_key_no_header_can_carry_is_refused_without_being_shown(key):
    with pytest.raises(BadCredentials) as caught:
        connected(1, headers={"x-api-key": key})

    assert not key.strip() or key not in str(caught.value)


@pytest.mark.parametrize("url", ["", "veeqo", "ftp://host/", "https://", "https://user:pw@host/"])
def test_a_base_url_that_is_none_is_refused_at_once(url):
    with pytest.raises(ValueError, match="base URL of Alder") as caught:
        JsonApi(
            "Alder",
            url,
            {"x-api-key": KEY},
            dialect=Dialect(lambda _body: ""),
            hooks=Hooks(),
            version="1",
        )
    assert "pw" not in str(caught.value)


def test_the_query_is_not_in_the_error():
    request = Request("GET", "/customers", Purpose.FIND, query={"query": "ada.byrne@example.com"})

    with api_of(lambda _connection: None) as (api, _server), pytest.raises(PlatformError) as caught:
        api.ask(request, lambda answer: answer.body)

    assert "byrne" not in repr(caught.value) + str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_file_is_recorded_by_its_kind_and_size_only():
    records = []
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"

    with api_of(says(b"%PDF-1.4 secret", head), hooks=Hooks(observe=records.append)) as (api, _s):
        request = Request("GET", "/label.pdf", Purpose.DOCUMENT, accept="application/pdf")
        assert api.ask(request, lambda answer: answer.content) == b"%PDF-1.4 secret"

    assert records[0].response_excerpt == "[application/pdf, 15 bytes]"
    assert records[0].milliseconds >= 0
