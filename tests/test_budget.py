"""Functions and files stay small enough to be read; see CONTRIBUTING.md."""

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.conf import settings

APPS = ["config", "core", "warehouses", "orders", "integrations", "routing"]
FILES = sorted(
    path
    for app in APPS
    for path in (settings.BASE_DIR / app).rglob("*.py")
    if "migrations" not in path.parts
)


def lengths_of_functions(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text())
    return [
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(settings.BASE_DIR)}:{node.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]


@pytest.fixture(scope="module")
def functions():
    return sorted(found for path in FILES for found in lengths_of_functions(path))


def test_the_typical_function_fits_in_eight_lines(functions):
    assert median(length for length, _ in functions) <= 8


def test_nine_functions_in_ten_fit_in_twenty_lines(functions):
    assert quantiles((length for length, _ in functions), n=10)[-1] <= 20


def test_no_function_is_longer_than_a_screen(functions):
    assert [name for length, name in functions if length > 45] == []


def test_no_file_asks_to_be_split():
    lengths = {
        path: sum(1 for line in path.read_text().splitlines() if line.strip()) for path in FILES
    }

    assert [str(p.relative_to(settings.BASE_DIR)) for p, n in lengths.items() if n > 300] == []
