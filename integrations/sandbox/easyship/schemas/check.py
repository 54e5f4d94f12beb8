"""
The first of Easyship's two validations: a request against its schema, first failure only.

Wording and pointers follow the parser Easyship uses (easyship.md section 2.4). Understands the
part of OpenAPI 3.0 that request schemas use.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from integrations.sandbox import clock
from integrations.sandbox.messages import Json

ROOT = "#/components/schemas/"
RUBY_NAMES = {
    bool: "TrueClass",
    int: "Integer",
    float: "Float",
    str: "String",
    list: "Array",
    dict: "Hash",
}
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


class Violation(Exception):
    """The parser's sentence about the first thing that is wrong."""


class Checker:
    """Checks values against schemas by name."""

    def __init__(self, schemas: Mapping[str, Json]):
        self._schemas = schemas

    def check(self, value: Any, name: str) -> None:
        """Raises Violation."""
        self._check(value, self._schemas[name], ROOT + name)

    def check_parameter(self, value: Any, schema: Json, pointer: str) -> None:
        """Check a value of a query string, already of its type. Raises Violation."""
        self._check(value, schema, pointer)

    def _resolve(self, schema: Json, pointer: str) -> tuple[Json, str]:
        while "$ref" in schema:
            pointer = schema["$ref"]
            head, *path = pointer.removeprefix(ROOT).split("/")
            schema = self._schemas[head]
            for step in path:
                schema = schema[step]
        return schema, pointer

    def _check(self, value: Any, schema: Json, pointer: str, *, lone: bool = True) -> None:
        schema, pointer = self._resolve(schema, pointer)
        if "discriminator" in schema:
            self._check_discriminated(value, schema, pointer)
        elif "anyOf" in schema:
            self._check_any(value, schema, pointer)
        elif "allOf" in schema:
            self._check_all(value, schema, pointer)
        elif value is None:
            if not schema.get("nullable") and ("type" in schema or "enum" in schema):
                raise Violation(f"{pointer} does not allow null values")
        else:
            self._check_kind(value, schema, pointer, lone)

    def _check_kind(self, value: Any, schema: Json, pointer: str, lone: bool) -> None:
        kind = schema.get("type")
        if kind and not _is_of(value, kind):
            name = RUBY_NAMES[type(value)]
            raise Violation(f"{pointer} expected {kind}, but received {name}: {_inspect(value)}")
        if "enum" in schema and value not in schema["enum"]:
            raise Violation(f"{_inspect(value)} isn't part of the enum in {pointer}")
        if isinstance(value, dict):
            self._check_object(value, schema, pointer, lone)
        elif isinstance(value, list):
            self._check_list(value, schema, pointer)
        elif isinstance(value, str):
            _check_text(value, schema, pointer)
        else:
            _check_number(value, schema, pointer)

    def _check_object(self, value: Json, schema: Json, pointer: str, lone: bool) -> None:
        properties = schema.get("properties", {})
        for name, content in value.items():
            if name in properties:
                self._check(content, properties[name], f"{pointer}/properties/{name}")
        missing = [name for name in schema.get("required", ()) if name not in value]
        if missing:
            raise Violation(f"{pointer} missing required parameters: {', '.join(missing)}")
        if lone and schema.get("additionalProperties") is False:
            _refuse_surplus(value, properties, pointer)

    def _check_list(self, value: list[Any], schema: Json, pointer: str) -> None:
        shown = _inspect(value)
        if len(value) < schema.get("minItems", 0):
            raise Violation(f"{pointer} {shown} contains fewer than min items")
        if len(value) > schema.get("maxItems", len(value)):
            raise Violation(f"{pointer} {shown} contains more than max items")
        for item in value:
            self._check(item, schema.get("items", {}), f"{pointer}/items")

    def _check_all(self, value: Any, schema: Json, pointer: str) -> None:
        """Every part must hold; a property is known if any part knows it."""
        parts = [
            self._resolve(part, f"{pointer}/allOf/{n}") for n, part in enumerate(schema["allOf"])
        ]
        for part, place in parts:
            self._check(value, part, place, lone=False)
        if isinstance(value, dict) and any(
            p.get("additionalProperties") is False for p, _ in parts
        ):
            known = {name for part, _ in parts for name in part.get("properties", {})}
            _refuse_surplus(value, known, pointer)

    def _check_any(self, value: Any, schema: Json, pointer: str) -> None:
        for number, option in enumerate(schema["anyOf"]):
            try:
                self._check(value, option, f"{pointer}/anyOf/{number}")
            except Violation:
                continue
            return
        raise Violation(f"{_inspect(value)} isn't any of in {pointer}")

    def _check_discriminated(self, value: Any, schema: Json, pointer: str) -> None:
        if value is None:
            raise Violation(f"{pointer} does not allow null values")
        if not isinstance(value, dict):
            self._check_kind(value, {"type": "object"}, pointer, True)
        finder = schema["discriminator"]
        version = value.get(finder["propertyName"])
        if version is None:
            raise Violation(
                f"discriminator propertyName {finder['propertyName']} does not exist in value"
                f" {_inspect(value)} in {pointer}"
            )
        target = finder["mapping"].get(version) if isinstance(version, str) else None
        if target is None:
            raise Violation(
                f"discriminator mapped schema {ROOT}{version} does not exist in"
                f" {pointer}/discriminator"
            )
        self._check(value, {"$ref": target}, pointer)


def _is_of(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def _inspect(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refuse_surplus(value: Json, known: Any, pointer: str) -> None:
    surplus = [name for name in value if name not in known]
    if surplus:
        raise Violation(f"{pointer} does not define properties: {', '.join(surplus)}")


def _check_text(value: str, schema: Json, pointer: str) -> None:
    shown = _inspect(value)
    if len(value) > schema.get("maxLength", len(value)):
        raise Violation(f"{pointer} {shown} is longer than max length")
    pattern = schema.get("pattern")
    if pattern and not re.search(pattern, value):
        raise Violation(f"{pointer} pattern {pattern} does not match value: {shown}")
    match schema.get("format"):
        case "uuid" if not _is_uuid(value):
            raise Violation(f"{pointer} Value: {shown} is not conformant with UUID format")
        case "date-time" if clock.parse(value) is None or "T" not in value:
            raise Violation(f"{pointer} Value: {shown} is not conformant with date-time format")
        case "email" if not EMAIL.fullmatch(value):
            raise Violation(f"{pointer} email address format does not match value: {shown}")


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _check_number(value: Any, schema: Json, pointer: str) -> None:
    least, most = schema.get("minimum"), schema.get("maximum")
    too_small = least is not None and (
        value <= least if schema.get("exclusiveMinimum") else value < least
    )
    if too_small:
        raise Violation(f"{pointer} {_inspect(value)} is less than minimum value")
    if most is not None and value > most:
        raise Violation(f"{pointer} {_inspect(value)} is more than maximum value")
