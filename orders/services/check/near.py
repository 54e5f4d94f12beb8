"""The known SKUs most like a mistyped one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db.models import BooleanField, Case, Value, When
from django.db.models.functions import Substr, Upper

from warehouses.models import Product

_MOST_COMPARED = 5_000
_SHORT_LIST = 30
_SHOWN = 3
_ALIKE = 0.7


class NearSkus:
    """Compares by shared pairs of letters first, so that a thousand mistyped SKUs stay quick."""

    def __init__(self, known: Iterable[str]) -> None:
        self._with_pair: dict[str, list[str]] = defaultdict(list)
        self._answers: dict[str, tuple[str, ...]] = {}
        for sku in known:
            for pair in _pairs(sku):
                self._with_pair[pair].append(sku)

    def __call__(self, sku: str) -> tuple[str, ...]:
        if sku not in self._answers:
            self._answers[sku] = self._most_alike(sku.strip().upper())
        return self._answers[sku]

    def _most_alike(self, sku: str) -> tuple[str, ...]:
        shared = Counter(known for pair in _pairs(sku) for known in self._with_pair.get(pair, ()))
        # By name where two share as much, so that the answer is always the same.
        likely = sorted(shared, key=lambda known: (-shared[known], known))[:_SHORT_LIST]
        rated = [(SequenceMatcher(None, sku, known.upper()).ratio(), known) for known in likely]
        alike = sorted((-ratio, known) for ratio, known in rated if ratio >= _ALIKE)
        return tuple(known for _ratio, known in alike[:_SHOWN])


def load_near_skus(unknown: set[str]) -> NearSkus:
    """One query, at most 5,000 SKUs: first those with the same first letter as an unknown one."""
    first_letters = {sku.strip()[:1].upper() for sku in unknown}
    same = Case(
        When(first__in=first_letters, then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    products = Product.objects.filter(is_active=True).annotate(first=Upper(Substr("sku", 1, 1)))
    skus = products.order_by(same, "sku").values_list("sku", flat=True)
    return NearSkus(skus[:_MOST_COMPARED])


def _pairs(sku: str) -> set[str]:
    text = sku.upper()
    return {text[at : at + 2] for at in range(len(text) - 1)}
