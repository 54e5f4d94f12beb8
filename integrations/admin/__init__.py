"""Platforms as staff see them."""

from integrations.admin.calls import ApiCallAdmin
from integrations.admin.dispatches import DispatchAdmin, DispatchAttemptAdmin
from integrations.admin.drift import DriftFindingAdmin, ReconciliationAdmin
from integrations.admin.health import PlatformHealthAdmin
from integrations.admin.inbound import SyncCursorAdmin, WebhookEventAdmin
from integrations.admin.mappings import RemoteIdAdmin
from integrations.admin.shipments import DocumentAdmin, ShipmentAdmin, TrackingEventAdmin
from integrations.admin.sync import StockSnapshotAdmin, SyncProgressAdmin, UnmatchedAdmin

__all__ = [
    "ApiCallAdmin",
    "DispatchAdmin",
    "DispatchAttemptAdmin",
    "DocumentAdmin",
    "DriftFindingAdmin",
    "PlatformHealthAdmin",
    "ReconciliationAdmin",
    "RemoteIdAdmin",
    "ShipmentAdmin",
    "StockSnapshotAdmin",
    "SyncCursorAdmin",
    "SyncProgressAdmin",
    "TrackingEventAdmin",
    "UnmatchedAdmin",
    "WebhookEventAdmin",
]
