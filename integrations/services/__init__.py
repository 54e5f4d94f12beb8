"""Everything staff, API and jobs may ask of platforms: one function a use case."""

from integrations.services.cancel import cancel_at_platform
from integrations.services.drift import adopt_drift, heed_drift, ignore_drift, push_drift
from integrations.services.help import approve_dispatch, retry_dispatch
from integrations.services.leave_out import leave_parts_out
from integrations.services.mapping import (
    map_remote_id,
    replay_mapped,
    replay_waiting,
    unmap_remote_id,
)
from integrations.services.parcel_status import fetch_status
from integrations.services.pause import pause_platform, resume_platform
from integrations.services.probe import probe_platform
from integrations.services.send import resend_order, send_order
from integrations.services.to_map import leave_out, map_unmatched

__all__ = [
    "adopt_drift",
    "approve_dispatch",
    "cancel_at_platform",
    "fetch_status",
    "heed_drift",
    "ignore_drift",
    "leave_out",
    "leave_parts_out",
    "map_remote_id",
    "map_unmatched",
    "pause_platform",
    "probe_platform",
    "push_drift",
    "replay_mapped",
    "replay_waiting",
    "resend_order",
    "resume_platform",
    "retry_dispatch",
    "send_order",
    "unmap_remote_id",
]
