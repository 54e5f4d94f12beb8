"""The mark on every page of the admin while a platform is only pretended."""

from django.http import HttpRequest

from integrations.services.pretended import pretended_platforms
from warehouses.models import Platform


def sandbox_mark(_request: HttpRequest) -> list[str] | None:
    """What the mark says and its colour; None while every platform is real."""
    pretended = pretended_platforms()
    if not pretended:
        return None
    if len(pretended) == len(Platform.values):
        return ["Sandbox: nothing ships", "warning"]
    return [f"{' and '.join(pretended)}: sandbox", "warning"]
