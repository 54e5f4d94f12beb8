"""Bodies are read with limits, and nothing gets in that no database could keep."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from core.api.refusals import TooLarge

MAX_DEPTH = 20
_LARGEST_NUMBER = 10**30


class StrictJSONParser(JSONParser):
    """JSON in UTF-8 of a bounded size and depth, without lone surrogates and endless numbers."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises ParseError and TooLarge."""
        try:
            read = json.loads(_bounded(stream), parse_constant=_no_number, parse_int=_integer)
        except RecursionError as error:
            raise ParseError(_TOO_DEEP) from error
        except ValueError as error:
            raise ParseError(f"The body is not valid JSON in UTF-8: {error}.") from error
        _check_depth(read)
        _check_text(read)
        return read


class LimitedMultiPartParser(MultiPartParser):
    """Turns away what says that it is too large before a byte of it is kept."""

    media_type = "multipart/form-data"
    slack = 1_000_000
    """Bytes for the other fields and the parts' own headers."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises ParseError and TooLarge."""
        length = str((parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0")
        refuse_size(int(length[:15]) - self.slack if length.isdecimal() else 0)
        return super().parse(stream, media_type, parser_context)


def refuse_size(size: int) -> None:
    """Raises TooLarge for a file of so many bytes when it is too large to be kept."""
    most = settings.IMPORT_MAX_BYTES
    if size > most:
        raise TooLarge(
            f"The file is larger than {most / 1_000_000:,g} MB. Split it and import the parts."
        )


_TOO_DEEP = f"The body is nested deeper than {MAX_DEPTH} levels. Send it flatter."


def _bounded(stream: IO[Any]) -> str:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    body = stream.read(most + 1)
    if len(body) > most:
        raise TooLarge(f"The body is larger than {most // 2**20} MB. Send it in parts.")
    return str(body, "utf-8")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number that could be kept")


def _integer(text: str) -> int:
    number = int(text) if len(text) <= 32 else _LARGEST_NUMBER + 1
    if abs(number) > _LARGEST_NUMBER:
        raise ValueError(f"{text[:20]}… is larger than any number here may be")
    return number


def _check_depth(read: Any) -> None:
    level = [read]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ParseError(_TOO_DEEP)


def _inside(outer: Any) -> list[Any]:
    if isinstance(outer, dict):
        return list(outer.values())
    return outer if isinstance(outer, list) else []


def _check_text(read: Any) -> None:
    try:
        json.dumps(read, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise ParseError(
            "A text holds half of a surrogate pair, which is no character. Write it as UTF-8."
        ) from error
