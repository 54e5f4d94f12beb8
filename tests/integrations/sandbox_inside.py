"""A sandbox without a socket: requests are handed to it in the caller's own thread."""

import io
import sys
import time
from contextlib import contextmanager
from unittest import mock

import requests
import urllib3
from requests.adapters import HTTPAdapter

from integrations.sandbox import clock
from integrations.sandbox.messages import Request
from integrations.sandbox.options import Options
from integrations.sandbox.sandbox import Sandbox

URL = "http://127.0.0.1:9"
_build = HTTPAdapter().build_response


class Inside:
    """The sandbox; `asked` counts the requests, its clock is `ahead` by so many seconds."""

    def __init__(self, folder):
        self.asked, self.ahead = 0, 0.0
        # Parcels hardly move, whatever time passes.
        unlimited = {"veeqo_rate": (), "easyship_rate": ()}
        options = Options(state=folder, label_seconds=0, speed=1e-6, **unlimited)
        self.sandbox = Sandbox(options)
        self.sandbox.base_url = URL

    def send(self, prepared):
        self.asked += 1
        self.sandbox.run_agenda()
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = dict(prepared.headers.items())
        request = Request.read(prepared.method, prepared.path_url, headers, body)
        response = self.sandbox.handle(request).response
        if response is None:
            raise requests.ConnectionError("the sandbox hung up")
        raw = urllib3.HTTPResponse(
            io.BytesIO(response.body), response.headers, response.status, preload_content=False
        )
        return _build(prepared, raw)


@contextmanager
def sandbox_inside(folder):
    """Every request of this process goes to it, until the end of the block."""
    inside = Inside(folder)

    def now():
        return time.time() + inside.ahead

    def send(_adapter, prepared, **_options):
        # The sandbox's own lines are not under test, and far more than ours.
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return inside.send(prepared)
        finally:
            sys.settrace(tracer)

    try:
        with (
            mock.patch.object(HTTPAdapter, "send", send),
            mock.patch.object(clock, "now", now),
        ):
            yield inside
    finally:
        inside.sandbox.close()
