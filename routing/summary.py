"""A decision as the few plain values that the command and the API print. Pure."""

from typing import Any

from routing.result import Candidate, Decision
from routing.sentences import reasons


def summary(decision: Decision) -> dict[str, Any]:
    """Chosen route, confidence, reasons, and every candidate with its gates and factors."""
    best = decision.chosen
    return {
        "order": decision.order,
        "platform": best.platform if best else None,
        "carrier": best.carrier if best else None,
        "service": best.service if best else None,
        "warehouse": best.warehouse if best else None,
        "parts": [_part(part, best) for part in best.parcels] if best else [],
        "confidence": decision.confidence,
        "needs_review": decision.needs_review,
        "reasons": reasons(decision),
        "ruleset": decision.ruleset,
        "candidates": [_candidate(candidate) for candidate in decision.candidates],
    }


def _part(part: Candidate, best: Candidate) -> dict[str, Any]:
    """One parcel: where it ships from, how, and with which units."""
    rows = [row for row in best.allocations if row.warehouse == part.warehouse]
    return {
        "warehouse": part.warehouse,
        "platform": part.platform,
        "carrier": part.carrier,
        "service": part.service,
        "lines": [{"sku": row.sku, "quantity": row.quantity} for row in rows],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    found: dict[str, Any] = {
        "warehouse": candidate.warehouse,
        "service": candidate.service,
        "eligible": candidate.is_eligible,
        "failed_gates": [
            {"gate": gate.name, "value": gate.value, "limit": gate.limit}
            for gate in candidate.failed_gates
        ],
        "factors": {
            factor.name: {"value": factor.value, "weight": factor.weight, "points": factor.points}
            for factor in candidate.factors
        },
        "score": candidate.score,
    }
    if candidate.is_split:
        found["parts"] = [_candidate(part) for part in candidate.parts]
    return found
