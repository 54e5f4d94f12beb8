import http.server
import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from config import web_health


@pytest.fixture
def site(monkeypatch):
    """A server that answers as it is told, and remembers the name it was asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        status, asked = 200, []

        def do_GET(self):
            self.asked.append((self.path, self.headers["Host"]))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_arguments): ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BIND", f"0.0.0.0:{server.server_port}")
        yield Handler
        server.shutdown()


@pytest.mark.parametrize(
    ("allowed", "name"),
    [
        ("ops.example.com,other", "ops.example.com"),
        (".example.com", "example.com"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_site_is_asked_by_a_name_it_accepts(site, monkeypatch, allowed, name):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)

    assert web_health.main() == 0
    assert site.asked[-1] == ("/healthz", name)


def test_any_other_answer_is_no_health(site, capsys):
    site.status = 500

    assert web_health.main() == 1
    assert "does not answer on 127.0.0.1:" in capsys.readouterr().err


def test_silence_is_no_health(monkeypatch):
    monkeypatch.setenv("BIND", "127.0.0.1:9")

    assert web_health.main() == 1


def test_a_process_has_loaded_every_address_before_its_first_request():
    asked = "import sys, config.wsgi; sys.exit('config.api_urls' not in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    ran = subprocess.run(
        [sys.executable, "-c", asked], cwd=settings.BASE_DIR, env=environment, check=False
    )

    assert ran.returncode == 0
