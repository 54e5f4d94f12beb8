"""What our services and categories are called at each platform: integrations/sync/tables/."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("tables")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """`service` is our code; `code` and `name` are the platform's."""

    service: str
    platform: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """`category` is ours; `code` is the platform's."""

    category: str
    platform: str
    code: str


@cache
def service_rows() -> tuple[ServiceRow, ...]:
    return tuple(ServiceRow(**row) for row in _read("services.csv"))


@cache
def category_rows() -> tuple[CategoryRow, ...]:
    return tuple(CategoryRow(**row) for row in _read("categories.csv"))


def _read(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
