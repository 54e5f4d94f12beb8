"""A headless Chromium for tests that click."""

import os
import shutil
from contextlib import contextmanager
from unittest import mock

import pytest
from django.db import connections

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@contextmanager
def opened_page(width=1280, height=900):
    """A page of a fresh browser; an error in its console fails the test."""
    if not CHROMIUM:
        message = "Chromium is not installed; it is needed for the browser tests."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    complaints = []
    # The driver keeps an event loop in this thread, which Django takes for asynchronous code.
    with (
        mock.patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        try:
            yield page
        finally:
            browser.close()
            # Beside that loop Django opened connections of its own, which nobody else closes.
            connections.close_all()
    assert complaints == []
