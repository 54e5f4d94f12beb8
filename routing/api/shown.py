"""Decisions and rulesets as the API shows them."""

from dataclasses import asdict
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders.api.shown import FoundSerializer, order_url
from orders.models import Order
from routing.models import RoutingDecision, Ruleset
from routing.result import Decision
from routing.rules import CONFIDENCE_PARTS, FACTORS
from routing.services.rules import plain_rule
from routing.summary import summary


class GateSerializer(serializers.Serializer[Any]):
    gate = serializers.CharField()
    value = serializers.CharField(help_text="What was measured.")
    limit = serializers.CharField()


class FactorSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(min_value=0, max_value=1)
    weight = serializers.IntegerField()
    points = serializers.FloatField(help_text="Value × weight.")


class PartSerializer(serializers.Serializer[Any]):
    warehouse = serializers.CharField()
    service = serializers.CharField()
    eligible = serializers.BooleanField()
    failed_gates = GateSerializer(many=True)
    factors = serializers.DictField(child=FactorSerializer(), help_text="By name.")
    score = serializers.FloatField(allow_null=True)


class CandidateSerializer(PartSerializer):
    parts = PartSerializer(many=True, required=False, help_text="Of a split shipment.")


class ConfidencePartSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    percent = serializers.IntegerField()
    weight = serializers.IntegerField()
    found = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    next_step = serializers.CharField()
    is_blocking = serializers.BooleanField(help_text="True where nothing could be chosen.")


class WishSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    wanted = serializers.CharField()
    is_honoured = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


class RuleAppliedSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    name = serializers.CharField()


class ParcelSerializer(serializers.Serializer[Any]):
    warehouse = serializers.CharField()
    carrier = serializers.CharField()
    service = serializers.CharField()
    platform = serializers.CharField()


class PartLineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)


class ShippedPartSerializer(ParcelSerializer):
    lines = PartLineSerializer(many=True, help_text="What travels in it.")


class DecisionSerializer(serializers.Serializer[Any]):
    """What was chosen and why, with every candidate."""

    order = serializers.CharField()
    platform = serializers.CharField(allow_null=True)
    carrier = serializers.CharField(allow_null=True)
    service = serializers.CharField(allow_null=True)
    warehouse = serializers.CharField(allow_null=True)
    parts = ShippedPartSerializer(many=True, help_text="Parcels with their lines; one if whole.")
    parcels = ParcelSerializer(many=True, help_text="Several of a split shipment.")
    cost = serializers.DecimalField(12, 2, allow_null=True, help_text="All parcels, estimated.")
    currency = serializers.CharField(allow_blank=True)
    arrives_on = serializers.DateField(allow_null=True)
    last_safe_minute = serializers.DateTimeField(
        allow_null=True, help_text="Until when it still makes the planned pickup."
    )
    confidence = serializers.IntegerField(min_value=0, max_value=100)
    confidence_parts = ConfidencePartSerializer(many=True)
    needs_review = serializers.BooleanField()
    problems = ProblemSerializer(many=True)
    wishes = WishSerializer(many=True)
    applied_rules = RuleAppliedSerializer(many=True)
    reasons = serializers.ListField(child=serializers.CharField())
    ruleset = serializers.IntegerField(help_text="Its number.")
    candidates = CandidateSerializer(many=True)


class StoredDecisionSerializer(DecisionSerializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["automatic", "pinned", "approved", "override"])
    decided_at = serializers.DateTimeField()
    actor = serializers.CharField(allow_blank=True)
    override_reason = serializers.CharField(allow_blank=True)
    override_text = serializers.CharField(allow_blank=True)
    extra_cost = serializers.DecimalField(
        12, 2, allow_null=True, help_text="What a person's choice costs over the recommendation."
    )


class RoutedSerializer(serializers.Serializer[Any]):
    """What became of the order."""

    order = serializers.CharField()
    url = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["routed", "review", "unrouted"])
    sentence = serializers.CharField()
    decision = StoredDecisionSerializer(allow_null=True)


class PreviewSerializer(serializers.Serializer[Any]):
    decision = DecisionSerializer()
    findings = FoundSerializer(
        many=True, help_text="Of an order sent along. With an error it would not be routed yet."
    )


def body_of(decision: Decision) -> dict[str, Any]:
    """The command's summary, with what a program wants besides."""
    best = decision.chosen
    parcels = best.parcels if best else ()
    return summary(decision) | {
        "parcels": [
            {name: getattr(part, name) for name in ("warehouse", "carrier", "service", "platform")}
            for part in parcels
        ],
        "cost": amount(best.cents) if best else None,
        "currency": best.currency if best else "",
        "arrives_on": best.arrives_on if best else None,
        "last_safe_minute": decision.last_safe_minute,
        "confidence_parts": [asdict(part) for part in decision.confidence_parts],
        "problems": [asdict(problem) for problem in decision.problems],
        "wishes": [asdict(wish) for wish in decision.wishes],
        "applied_rules": [asdict(rule) for rule in decision.applied_rules],
    }


def stored_body(stored: RoutingDecision, decision: Decision) -> dict[str, Any]:
    """`needs_review` is the order's, so False once a person has approved."""
    return body_of(decision) | {
        "id": stored.pk,
        "kind": stored.kind,
        "needs_review": stored.needs_review,
        "decided_at": stored.decided_at,
        "actor": stored.actor_label,
        "override_reason": stored.override_reason,
        "override_text": stored.override_text,
        "extra_cost": amount(stored.extra_cents),
    }


def routed_body(
    order: Order, outcome: str, sentence: str, decision: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "order": order.number,
        "url": order_url(order.pk),
        "status": order.status,
        "version": order.version,
        "outcome": outcome,
        "sentence": sentence,
        "decision": decision,
    }


def amount(cents: int | None) -> str | None:
    if cents is None:
        return None
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


class ConditionSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    operator = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField(allow_blank=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    target = serializers.CharField(allow_blank=True)
    codes = serializers.ListField(child=serializers.CharField())
    percent = serializers.IntegerField()
    weights = serializers.DictField(child=serializers.IntegerField())
    text = serializers.CharField(allow_blank=True)


class RuleSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()
    stop = serializers.BooleanField(help_text="Rules below are not read when this one applies.")
    conditions = ConditionSerializer(many=True)
    outcomes = OutcomeSerializer(many=True)


class RulesetSerializer(serializers.ModelSerializer[Ruleset]):
    weights = serializers.SerializerMethodField()
    confidence_weights = serializers.SerializerMethodField()

    class Meta:
        model = Ruleset
        fields: ClassVar = [
            "id",
            "number",
            "name",
            "note",
            "state",
            "version",
            "active_from",
            "published_at",
            "archived_at",
            "threshold",
            "max_parcels",
            "smallest_part_units",
            "state_preferences",
            "weights",
            "confidence_weights",
        ]

    def get_weights(self, ruleset: Ruleset) -> dict[str, int]:
        return {name: getattr(ruleset, f"weight_{name}") for name in FACTORS}

    def get_confidence_weights(self, ruleset: Ruleset) -> dict[str, int]:
        return {name: getattr(ruleset, f"confidence_{name}") for name in CONFIDENCE_PARTS}


class RulesetDetailSerializer(RulesetSerializer):
    rules = serializers.SerializerMethodField()

    class Meta(RulesetSerializer.Meta):
        fields: ClassVar = [*RulesetSerializer.Meta.fields, "rules"]

    @extend_schema_field(RuleSerializer(many=True))
    def get_rules(self, ruleset: Ruleset) -> list[dict[str, Any]]:
        rows = ruleset.rules.order_by("position").prefetch_related("conditions", "outcomes")
        return [asdict(plain_rule(row)) for row in rows]
