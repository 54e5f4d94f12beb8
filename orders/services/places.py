"""What intake and checks ask about US places, answered from the ZIP table a batch at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.models import Q, QuerySet

from orders.checks.postal import us_state_code
from orders.intake.values.places import ZipPlace, place_key
from warehouses.models import CityName, ZipCentroid

_COLUMNS = ("zip_code", "state", "city", "other_cities")
CityKey = tuple[str, str]


class Addressed(Protocol):
    """What has an address: a CheckedOrder, a Recipient, an Order."""

    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def country(self) -> str: ...


class TablePlaces:
    """The ZIP table behind a small memory. `prepare` asks for a whole batch in at most three
    queries; what was not prepared is asked by itself, with its neighbours.

    After `limit` ZIPs or cities the memory starts again: all of the country's are some 20 MB, held
    for one import only.
    """

    def __init__(self, limit: int = 50_000) -> None:
        self._limit = limit
        self._zips: dict[str, ZipPlace | None] = {}
        self._cities: dict[CityKey, tuple[str, ...]] = {}
        self._is_loaded = False

    @property
    def is_loaded(self) -> bool:
        """Whether there is any ZIP in the table."""
        if not self._is_loaded:
            self._is_loaded = ZipCentroid.objects.exists()
        return self._is_loaded

    def prepare(self, addresses: Iterable[Addressed]) -> None:
        """Learn all that checking these addresses may ask."""
        here = [address for address in addresses if address.country in ("US", "")]
        if len(self._zips) > self._limit:
            self._zips.clear()
        self._learn_zips({code for address in here for code in _zips_asked(address.postal_code)})
        if len(self._cities) > self._limit:
            self._cities.clear()
        self._learn_cities({key for address in here for key in self._cities_asked(address)})

    def of_zip(self, zip_code: str) -> ZipPlace | None:
        if zip_code not in self._zips:
            self._learn_region(zip_code)
        return self._zips[zip_code]

    def zips_of(self, state: str, city: str) -> Sequence[str]:
        key = (state.upper(), place_key(city))
        if key not in self._cities:
            self._learn_cities({key})
        return self._cities[key]

    def _learn_region(self, zip_code: str) -> None:
        """All ZIPs of the same sorting centre, some fifty: a file asks for its neighbours next."""
        if len(self._zips) > self._limit:
            self._zips.clear()
        self._zips[zip_code] = None
        region = zip_code[:3]
        self._take(ZipCentroid.objects.filter(pk__range=(f"{region}00", f"{region}99")))

    def _learn_zips(self, codes: set[str]) -> None:
        unknown = codes - self._zips.keys()
        if not unknown:
            return
        self._zips |= dict.fromkeys(unknown)
        self._take(ZipCentroid.objects.filter(pk__in=unknown))

    def _take(self, rows: QuerySet[ZipCentroid]) -> None:
        for code, state, city, others in rows.values_list(*_COLUMNS):
            self._zips[code] = ZipPlace(code, state, (city, *others))
            self._is_loaded = True

    def _cities_asked(self, address: Addressed) -> Iterable[CityKey]:
        """Only where the ZIP does not settle it, which is seldom."""
        code = address.postal_code[:5]
        place = self._zips.get(code)
        if not address.city:
            return
        if place is not None and place.state == address.state and place.is_named(address.city):
            return
        states = {us_state_code(address.state), place.state if place else ""} - {""}
        yield from ((state, place_key(address.city)) for state in states)

    def _learn_cities(self, keys: set[CityKey]) -> None:
        unknown = keys - self._cities.keys()
        if not unknown:
            return
        found: dict[CityKey, list[str]] = defaultdict(list)
        wanted = Q(state__in={state for state, _ in unknown}, key__in={key for _, key in unknown})
        rows = CityName.objects.filter(wanted).order_by("zip_centroid")
        for state, key, code in rows.values_list("state", "key", "zip_centroid"):
            found[state, key].append(code)
        self._cities |= {key: tuple(found.get(key, ())) for key in unknown}


def _zips_asked(postal_code: str) -> Iterable[str]:
    """Five digits, or the four that are left when a spreadsheet took the leading zero."""
    if len(postal_code) >= 5 and postal_code[:5].isdigit():
        yield postal_code[:5]
    elif len(postal_code) == 4 and postal_code.isdigit():
        yield f"0{postal_code}"
