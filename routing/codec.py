"""Facts, rules and decisions to plain JSON values and back, exactly. Pure.

A document is `{"format": 1, "kind": "decision", "body": …}`. A field missing from an older
document takes its default. Gates, factors and estimates of a decision are written once in a table
and referred to by number, for most candidates share theirs.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from routing.facts import Network, OrderFacts
from routing.result import Candidate, Decision, Estimate, Factor, Gate
from routing.rules import Rules

FORMAT = 1
KINDS: Mapping[str, type] = {
    "decision": Decision,
    "order": OrderFacts,
    "network": Network,
    "rules": Rules,
}
_PLAIN_TYPES = frozenset({str, int, float, bool, NoneType})
_MOMENTS = frozenset({datetime, date, time})


class UnreadableDocument(ValueError):
    """The document is not one of ours, or of a format this version does not know."""


def document(value: Decision | OrderFacts | Network | Rules) -> dict[str, Any]:
    """A dict of plain JSON values from which `from_document` makes an equal value."""
    kind = next(name for name, made in KINDS.items() if isinstance(value, made))
    body = _write_decision(value) if isinstance(value, Decision) else write(value)
    return {"format": FORMAT, "kind": kind, "body": body}


def from_document(kind: str, found: Mapping[str, Any]) -> Any:
    """The value a document of that kind holds. Raises UnreadableDocument."""
    if found.get("format") != FORMAT or found.get("kind") != kind:
        wrong = f"{found.get('kind')} of format {found.get('format')}"
        raise UnreadableDocument(f"Expected a {kind} of format {FORMAT}, not {wrong}.")
    try:
        if kind == "decision":
            return _read_decision(found["body"])
        return _reader(KINDS[kind])(found["body"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UnreadableDocument(f"The {kind} is damaged: {error!r}.") from error


def to_json(found: Mapping[str, Any]) -> str:
    """The same text for equal documents, so that it can be hashed."""
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def frame_of(network: Network) -> Network:
    """What many decisions share: store its document once, under the hash of its text."""
    return replace(network, stock={}, loads={})


def state_of(network: Network) -> Network:
    """What changes with every order: stock and loads. Store it with the decision."""
    return Network(stock=network.stock, loads=network.loads)


def joined(frame: Network, state: Network) -> Network:
    """The inputs of a decision, from the frame and the state stored for it."""
    return replace(frame, stock=state.stock, loads=state.loads)


def write(value: Any) -> Any:
    """Plain JSON values; fields that have their default are left out."""
    made = type(value)
    if made in _PLAIN_TYPES:
        return value
    if made in _MOMENTS:
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [write(item) for item in value]
    if isinstance(value, Mapping):
        return [[write(key), write(item)] for key, item in sorted(value.items())]
    return _write_fields(value) if is_dataclass(value) else str(value)


def _write_fields(value: Any) -> dict[str, Any]:
    """All fields that differ from their default."""
    found = {}
    made: Any = type(value)
    for name, default in _defaults(made):
        item = getattr(value, name)
        # By type as well: 1, 1.0 and Decimal(1) are equal and not the same.
        if type(item) is not type(default) or item != default:
            found[name] = item if type(item) in _PLAIN_TYPES else write(item)
    return found


@cache
def _defaults(made: Any) -> tuple[tuple[str, Any], ...]:
    """Name and default of each field; a field without one is always written."""
    return tuple((each.name, each.default) for each in fields(made))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from JSON values to values of that type."""
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional_reader(inner)
    if origin is tuple:
        return _tuple_reader(inner)
    if origin is not None:
        return _mapping_reader(*map(_reader, inner))
    return _PARSERS.get(kind, _checked(kind))


def _dataclass_reader(made: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(made)
    # Looked up late, because a candidate holds candidates.
    return lambda found: made(**{name: _reader(hints[name])(found[name]) for name in found})


def _optional_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    read = _reader(next(kind for kind in kinds if kind is not NoneType))
    return lambda found: None if found is None else read(found)


def _tuple_reader(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    if kinds[-1] is Ellipsis:
        return lambda found: tuple(_reader(kinds[0])(item) for item in found)
    readers = [_reader(kind) for kind in kinds]
    return lambda found: tuple(read(item) for read, item in zip(readers, found, strict=True))


def _mapping_reader(
    read_key: Callable[[Any], Any], read_item: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    return lambda found: {read_key(key): read_item(item) for key, item in found}


def _checked(kind: Any) -> Callable[[Any], Any]:
    def read(found: Any) -> Any:
        if not isinstance(found, kind):
            raise TypeError(f"{found!r} is not {kind.__name__}")
        return found

    return read


_PARSERS: Mapping[Any, Callable[[Any], Any]] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    float: float,
}


def _write_rows(values: Collection[Any]) -> list[list[Any]]:
    """The fields of each as a list; the values, of which a decision has hundreds, are of a kind."""
    made: Any = next(map(type, values), None)
    if made is None:
        return []
    rows = list(map(list, map(_fields_of(made), values)))
    for place in _places_to_write(made):
        for row in rows:
            row[place] = write(row[place])
    return rows


@cache
def _places_to_write(made: Any) -> tuple[int, ...]:
    """Which fields of the class are not plain JSON values as they are."""
    hints = get_type_hints(made)
    kinds = [get_args(hints[each.name]) or (hints[each.name],) for each in fields(made)]
    return tuple(place for place, kind in enumerate(kinds) if not set(kind) <= _PLAIN_TYPES)


@cache
def _fields_of(made: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(made)))


def _read_row(made: Any, row: list[Any]) -> Any:
    """The value of a list; fields added since it was written take their defaults."""
    return made(*(read(item) for read, item in zip(_row_readers(made), row, strict=False)))


@cache
def _row_readers(made: Any) -> list[Callable[[Any], Any]]:
    hints = get_type_hints(made)
    return [_reader(hints[each.name]) for each in fields(made)]


class _Table:
    """Rows written once and referred to by number.

    Most rows are one and the same object, so that asking by identity first spares their hashes.
    """

    def __init__(self) -> None:
        self._by_identity: dict[int, int] = {}
        self._by_value: dict[Any, int] = {}

    def numbers(self, values: Sequence[Any]) -> list[int]:
        found: list[Any] = list(map(self._by_identity.get, map(id, values)))
        while None in found:
            place = found.index(None)
            found[place] = self._number(values[place])
        return found

    def _number(self, value: Any) -> int:
        number = self._by_value.setdefault(value, len(self._by_value))
        self._by_identity[id(value)] = number
        return number

    def rows(self) -> list[list[Any]]:
        return _write_rows(self._by_value.keys())


def _write_decision(decision: Decision) -> dict[str, Any]:
    gates, factors, estimates = _Table(), _Table(), _Table()
    shares: dict[int, list[Any]] = {}

    def bare(candidate: Candidate) -> dict[str, Any]:
        found = _write_codes(candidate)
        if allocations := candidate.allocations:
            # Candidates of one warehouse share theirs; the decision keeps each alive meanwhile.
            found["allocations"] = shares.get(id(allocations)) or shares.setdefault(
                id(allocations), write(allocations)
            )
        if candidate.gates:
            found["gates"] = gates.numbers(candidate.gates)
        if candidate.factors:
            found["factors"] = factors.numbers(candidate.factors)
        if candidate.parts:
            found["parts"] = [bare(part) for part in candidate.parts]
        if candidate.estimate:
            found["estimate"] = estimates.numbers((candidate.estimate,))[0]
        return found

    candidates = [bare(candidate) for candidate in decision.candidates]
    return write(replace(decision, candidates=())) | {
        "candidates": candidates,
        "gates": gates.rows(),
        "factors": factors.rows(),
        "estimates": estimates.rows(),
    }


def _write_codes(candidate: Candidate) -> dict[str, Any]:
    """What a candidate says by itself: codes, score and rank."""
    said = zip(_CODES, _codes_of(candidate), strict=True)
    return {name: item for (name, default), item in said if item is not default}


_APART = ("gates", "factors", "parts", "estimate", "allocations")
_CODES = tuple((name, default) for name, default in _defaults(Candidate) if name not in _APART)
_codes_of = attrgetter(*(name for name, _default in _CODES))
_BY_NUMBER = ("gates", "factors", "parts", "estimate")
_TABLES: Mapping[str, type] = {"gates": Gate, "factors": Factor, "estimates": Estimate}


def _read_decision(found: Mapping[str, Any]) -> Decision:
    tables = {name: [_read_row(made, row) for row in found[name]] for name, made in _TABLES.items()}

    def restore(bare: Mapping[str, Any]) -> Candidate:
        rest = {name: bare[name] for name in bare if name not in _BY_NUMBER}
        number = bare.get("estimate")
        return replace(
            _reader(Candidate)(rest),
            gates=tuple(tables["gates"][index] for index in bare.get("gates", ())),
            factors=tuple(tables["factors"][index] for index in bare.get("factors", ())),
            estimate=None if number is None else tables["estimates"][number],
            parts=tuple(restore(part) for part in bare.get("parts", ())),
        )

    rest = {name: found[name] for name in found if name not in ("candidates", *_TABLES)}
    candidates = tuple(restore(bare) for bare in found["candidates"])
    return replace(_reader(Decision)(rest), candidates=candidates)
