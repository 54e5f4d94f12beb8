"""How we talk to the outside: mappings, promises, every call, what platforms tell us."""

from integrations.models.calls import ApiCall, Retention
from integrations.models.dispatches import (
    LIVE,
    AttemptOutcome,
    Dispatch,
    DispatchAttempt,
    DispatchKind,
    DispatchState,
)
from integrations.models.drift import (
    UNSETTLED,
    DriftFinding,
    DriftKind,
    DriftLook,
    DriftState,
    Reconciliation,
    Settled,
)
from integrations.models.health import PlatformHealth
from integrations.models.inbound import SyncCursor, WebhookEvent, WebhookState
from integrations.models.remote_ids import RemoteId, RemoteKind
from integrations.models.sync import StockSnapshot, SyncKind, SyncProgress, Unmatched

__all__ = [
    "LIVE",
    "UNSETTLED",
    "ApiCall",
    "AttemptOutcome",
    "Dispatch",
    "DispatchAttempt",
    "DispatchKind",
    "DispatchState",
    "DriftFinding",
    "DriftKind",
    "DriftLook",
    "DriftState",
    "PlatformHealth",
    "Reconciliation",
    "RemoteId",
    "RemoteKind",
    "Retention",
    "Settled",
    "StockSnapshot",
    "SyncCursor",
    "SyncKind",
    "SyncProgress",
    "Unmatched",
    "WebhookEvent",
    "WebhookState",
]
