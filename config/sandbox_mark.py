"""The mark on every page of the admin while a platform is only pretended."""

from django.http import HttpRequest

from integrations.services.pretended import pretended_platforms
from warehouses.models import Platform


def sandbox_mark(_request: HttpRequest) -> list[str] | None:
    """What the mark says and its colour; None while every platform is real.

    One word, because on a telephone it stands beside the order's number.
    """
    pretended = pretended_platforms()
    if not pretended:
        return None
    is_all = len(pretended) == len(Platform.values)
    return ["Sandbox" if is_all else f"{' and '.join(pretended)} sandbox", "warning"]
