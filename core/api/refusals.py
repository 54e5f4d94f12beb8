"""Refusals that belong to HTTP: their status, headers, fields, and links beside the sentence."""

from collections.abc import Mapping
from typing import Any

from core.errors import DomainError


class ApiRefusal(DomainError):
    """Answered as a problem detail; `errors` name fields, `members` are added to the body."""

    def __init__(
        self,
        detail: str,
        *,
        code: str,
        status_code: int,
        errors: list[dict[str, str]] | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail)
        self.code = code
        self.status_code = status_code
        self.errors = errors
        self.members = dict(members or {})
        self.headers = dict(headers or {})


class TooLarge(ApiRefusal):
    def __init__(self, detail: str):
        super().__init__(detail, code="too_large", status_code=413)
