"""Pages by cursor: a million rows cost as much as fifty, and new rows do not shift a page."""

from rest_framework.pagination import CursorPagination


class NewestFirstPagination(CursorPagination):
    ordering = "-id"
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"


class ByKeyPagination(NewestFirstPagination):
    """For reference lists: oldest first, a stable order to sync from."""

    ordering = "id"
