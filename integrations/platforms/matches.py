"""Orders there that carry one reference of ours. Pure."""

from collections.abc import Sequence

from integrations.platforms.errors import Refused, SeveralMatches
from integrations.platforms.outbound import Reference
from integrations.platforms.remote import RemoteOrder


def the_one(matches: Sequence[RemoteOrder], reference: Reference) -> RemoteOrder | None:
    """The live match, or the newest cancelled one. Raises SeveralMatches for two live ones."""
    alive = [match for match in matches if not match.is_cancelled]
    if len(alive) > 1:
        ids = ", ".join(sorted(match.remote_id for match in alive))
        raise SeveralMatches(f"{reference} is on {ids}")
    return alive[0] if alive else max(matches, key=_age, default=None)


def refuse_to_change(found: RemoteOrder) -> None:
    """Raise Refused for an order whose parcel is already papered, or that is over."""
    if found.is_cancelled:
        raise Refused(f"{found.remote_id} was cancelled there")
    if found.label and found.label.is_bought:
        raise Refused(f"{found.remote_id} has a label already: cancel it and send it again")


def require_at_most(most: int, shipment_ids: Sequence[str]) -> None:
    """Raise ValueError for a batch the platform would answer in part only."""
    if len(shipment_ids) > most:
        raise ValueError(f"{len(shipment_ids)} shipments in one call; at most {most}.")


def _age(match: RemoteOrder) -> tuple[float, str]:
    return (match.created_at.timestamp() if match.created_at else 0.0, match.remote_id)
