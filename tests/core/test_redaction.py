import io
import json
import logging
from contextlib import contextmanager

import pytest

from config.logs import configure_logs
from core.redaction import HIDDEN, redact, redact_text

SECRETS = [
    "Authorization: Bearer abcdef0123456789",
    "postgres://crossdock:hunter22@db.example.com/ops",
    "https://api.example.com/orders?api_key=sk-123456&page=2",
    "cdk_0123456789ab_Zm9vYmFyYmF6cXV4",
    "mail to jane.doe@example.com please",
    "call +1 (775) 555-0142 now",
]


@pytest.mark.parametrize("text", SECRETS)
def test_free_text_loses_its_secrets(text):
    cleaned = redact_text(text)

    for secret in ("abcdef0123456789", "hunter22", "sk-123456", "Zm9v", "jane.doe", "555-0142"):
        assert secret not in cleaned


def test_the_harmless_part_of_a_text_stays():
    assert redact_text("order SO-1 to Reno, page=2") == "order SO-1 to Reno, page=2"


@pytest.mark.parametrize("key", ["password", "X-Api-Key", "api_key", "token", "Set-Cookie"])
def test_a_telling_key_hides_its_whole_value(key):
    assert redact({"outer": [{key: "anything"}]}) == {"outer": [{key: HIDDEN}]}


def test_numbers_and_names_of_things_stay():
    assert redact({"order": "SO-1", "count": 3}) == {"order": "SO-1", "count": 3}


@contextmanager
def written(*, as_json):
    """Everything logged under "crossdock.test", as production or a developer would see it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    options = dict(configure_logs("INFO", as_json=as_json)["formatters"]["crossdock"])
    handler.setFormatter(options.pop("()")(**options))
    logger = logging.getLogger("crossdock.test")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield stream
    logger.removeHandler(handler)


@pytest.fixture
def lines():
    with written(as_json=True) as stream:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_log_line_is_json_with_its_context(lines):
    logging.getLogger("crossdock.test").info("routed %s", "SO-1", extra={"warehouse": "RNO1"})

    (line,) = lines()
    assert line["event"] == "routed SO-1"
    assert line["warehouse"] == "RNO1"
    assert line["actor"] == "system"


def test_no_secret_reaches_a_log_line_or_its_traceback(lines):
    try:
        raise ValueError("Bearer abcdef0123456789")
    except ValueError:
        logging.getLogger("crossdock.test").exception(
            "with jane.doe@example.com", extra={"token": "t-1"}
        )

    text = json.dumps(lines())
    assert "ValueError" in text
    for secret in ("abcdef0123456789", "jane.doe", "t-1"):
        assert secret not in text


def test_a_developers_traceback_shows_neither_secrets_nor_local_variables():
    with written(as_json=False) as stream:
        try:
            password = "hunter" + "2-and-more"
            raise ValueError(f"Bearer abcdef0123456789 {len(password)}")
        except ValueError:
            logging.getLogger("crossdock.test").exception("it broke")

    assert "ValueError" in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    for secret in ("hunter2-and-more", "abcdef0123456789"):
        assert secret not in stream.getvalue()
