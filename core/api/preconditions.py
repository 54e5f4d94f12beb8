"""`ETag` and `If-Match`: a change is made to what the client has seen, or not at all."""

from rest_framework.request import Request

from core.api.refusals import ApiRefusal


class VersionMissing(ApiRefusal):
    def __init__(self) -> None:
        super().__init__(
            "Send If-Match with the ETag that you read, so that nobody's change is lost.",
            code="if_match_missing",
            status_code=428,
        )


class VersionDiffers(ApiRefusal):
    def __init__(self, current: int):
        super().__init__(
            "It was changed since you read it. Read it again, and send the change with its ETag.",
            code="if_match_differs",
            status_code=412,
            headers={"ETag": etag_of(current)},
        )


def etag_of(version: int) -> str:
    return f'"{version}"'


def require_match(request: Request, version: int) -> None:
    """Raises VersionMissing, and VersionDiffers when no tag of If-Match names this version.

    A weak tag counts as well: compressing an answer makes its tag a weak one.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionMissing()
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    if given != "*" and etag_of(version) not in tags:
        raise VersionDiffers(version)
