"""A vouched address is doubted again."""

from django.db import transaction

from core.audit import record_audit, snapshot
from orders.models import AddressOverride


@transaction.atomic
def forget_address(override: AddressOverride, reason: str) -> None:
    """Check this address like any other from now on; leaves an audit event.

    Orders that were ready stay so until they are checked again.
    """
    record_audit("forget", override, before=snapshot(override), reason=reason)
    override.delete()
