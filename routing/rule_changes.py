"""What is different between two rulesets, in words, for who is about to publish. Pure."""

from collections.abc import Iterator

from routing.rule_words import Names, condition_words, outcomes_words
from routing.rules import Rule, Rules

_FIGURES = {
    "threshold": "Confidence below which a person reviews",
    "state_preferences": "Preferred states of warehouses",
    "max_parcels": "Most parcels",
    "smallest_part_units": "Smallest part of a split, units",
    "fresh_stock_days": "Fresh stock, days",
    "stale_stock_days": "Stale stock, days",
    "full_margin_percent": "Full lead, %",
}


def ruleset_changes(before: Rules, after: Rules, names: Names) -> list[str]:
    """One sentence for each rule and figure that differs; rules are known by their names."""
    return [*_rules(before, after, names), *_figures(before, after)]


def _rules(before: Rules, after: Rules, names: Names) -> Iterator[str]:
    old, new = _by_name(before), _by_name(after)
    for name, rule in new.items():
        if name not in old:
            yield f"New: “{rule.name}”. {_told(rule, names)}"
        elif _content(old[name]) != _content(rule):
            was, now = _told(old[name], names), _told(rule, names)
            yield f"Changed: “{rule.name}”. Before: {was} After: {now}"
    for name, rule in old.items():
        if name not in new:
            yield f"Gone: “{rule.name}”. {_told(rule, names)}"
    common = [name for name in old if name in new]
    if common != [name for name in new if name in old]:
        yield "The order of the rules is another one."


def _figures(before: Rules, after: Rules) -> Iterator[str]:
    for name, label in _FIGURES.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{label}: {_plain(was)} → {_plain(now)}."
    for title, old, new in (
        ("Weight of", before.weights, after.weights),
        ("Confidence from", before.confidence_weights, after.confidence_weights),
    ):
        for name in old:
            if old[name] != new.get(name):
                yield f"{title} {name}: {old[name]} → {new.get(name)}."


def _plain(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _by_name(rules: Rules) -> dict[tuple[str, int], Rule]:
    """By position; of several with one name, each has its own place."""
    seen: dict[str, int] = {}
    found = {}
    for rule in sorted(rules.rules, key=lambda one: one.position):
        seen[rule.name] = seen.get(rule.name, 0) + 1
        found[rule.name, seen[rule.name]] = rule
    return found


def _content(rule: Rule) -> tuple[object, ...]:
    return rule.conditions, rule.outcomes, rule.stop, rule.is_active


def _told(rule: Rule, names: Names) -> str:
    when = " and ".join(map(condition_words, rule.conditions)) or "Every order"
    then = outcomes_words(rule.outcomes, names)
    stop = ", then stop" if rule.stop else ""
    off = " (switched off)" if not rule.is_active else ""
    return f"{when}: {then}{stop}{off}."
