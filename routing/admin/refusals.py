"""Candidates that failed a gate, folded by warehouse: what shuts the place out, then the rest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from routing.result import Candidate
from routing.sentences import gate_sentence
from routing.services.names import Names


@dataclass(frozen=True, slots=True)
class Shut:
    """One warehouse: `common` shuts out every service; `services` are those with more to say, each
    (services, why) once for all that have the same to say.
    """

    warehouse: str
    count: int
    common: list[str]
    services: list[tuple[str, list[str]]]


def shut_places(candidates: Iterable[Candidate], names: Names) -> list[Shut]:
    """The warehouses in the order of their first candidate; splits are left out."""
    places: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if not candidate.is_split:
            places.setdefault(candidate.warehouse, []).append(candidate)
    return [shut for place, found in places.items() for shut in _shut(place, found, names)]


def _shut(place: str, candidates: list[Candidate], names: Names) -> Iterator[Shut]:
    said = {
        names.said(one.service): [names.said(gate_sentence(one, gate)) for gate in one.failed_gates]
        for one in candidates
    }
    refused = {service: why for service, why in said.items() if why}
    if not refused:
        return
    # By their sentences: a gate of the service names it, and so is never common.
    first = next(iter(said.values()))
    common = [sentence for sentence in first if all(sentence in why for why in said.values())]
    own = {service: [one for one in why if one not in common] for service, why in refused.items()}
    yield Shut(place, len(refused), common, _alike(own))


def _alike(own: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Services with the same reasons in one row: what a sentence begins with is its service."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for service, why in own.items():
        told = (sentence.removeprefix(f"{service} ") for sentence in why)
        if key := tuple(sentence[:1].upper() + sentence[1:] for sentence in told):
            rows.setdefault(key, []).append(service)
    return [(", ".join(services), list(why)) for why, services in rows.items()]
