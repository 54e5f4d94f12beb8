"""Map once, and everything that waited for it goes on."""

from django.db import transaction
from django.utils import timezone

from core.audit import record_audit, snapshot
from integrations.models import Dispatch, DispatchState, RemoteId
from integrations.services.help import retry_dispatch


@transaction.atomic
def map_remote_id(*, platform: str, kind: str, ours: str, theirs: str, name: str = "") -> RemoteId:
    """Say what a code of ours is called at a platform, and replay what waited for it."""
    known = RemoteId.objects.filter(platform=platform, kind=kind, ours=ours).first()
    before = snapshot(known) if known else {}
    mapping, _created = RemoteId.objects.update_or_create(
        platform=platform,
        kind=kind,
        ours=ours,
        defaults={"theirs": theirs, "their_name": name, "updated_at": timezone.now()},
    )
    action = "change_mapping" if known else "add_mapping"
    record_audit(action, mapping, before=before, after=snapshot(mapping))
    replay_waiting(kind, platform=platform, ours=ours)
    return mapping


@transaction.atomic
def unmap_remote_id(mapping: RemoteId) -> None:
    """Forget a mapping; what needs it will ask for it."""
    record_audit("delete_mapping", mapping, before=snapshot(mapping))
    mapping.delete()


def replay_waiting(kind: str, *, platform: str = "", ours: str = "") -> int:
    """Retry every dispatch that waits for a mapping of this kind; returns how many.

    `ours` narrows it to one code, `platform` to one platform.
    """
    waiting = Dispatch.objects.filter(state=DispatchState.NEEDS_HELP)
    waiting = (
        waiting.filter(missing=f"{kind}:{ours}")
        if ours
        else waiting.filter(missing__startswith=f"{kind}:")
    )
    if platform:
        waiting = waiting.filter(platform=platform)
    replayed = 0
    for dispatch in waiting.order_by("id"):
        retry_dispatch(dispatch)
        replayed += 1
    return replayed
