"""Pages by cursor: a million rows cost as much as fifty, and new rows do not shift a page."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class SafeCursorPagination(CursorPagination):
    """A cursor that somebody made up is refused, not handed to the database."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def is_position(self, position: str) -> bool:
        """Whether the text may stand for a value of the column that pages are ordered by."""
        return position.isascii() and position.isdigit() and len(position) <= 18


class NewestFirstPagination(SafeCursorPagination):
    ordering = "-id"


class ByKeyPagination(SafeCursorPagination):
    """For reference lists: oldest first, a stable order to sync from."""

    ordering = "id"


class ByPositionPagination(SafeCursorPagination):
    """For the rows of one file, in its order."""

    ordering = "position"


class NewestCreatedPagination(SafeCursorPagination):
    """For lists whose indexes end with the time of creation."""

    ordering: Any = ("-created_at", "-id")

    def is_position(self, position: str) -> bool:
        try:
            moment = parse_datetime(position)
        except ValueError:
            return False
        return isinstance(moment, datetime) and 1970 <= moment.year <= 9000 and bool(moment.tzinfo)
