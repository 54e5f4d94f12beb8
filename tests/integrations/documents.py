"""The platforms' OpenAPI documents as judges of what we send and of what a sandbox answers."""

import functools
import itertools
import json

import jsonschema

from tests.integrations.samples import contract

EASYSHIP = "easyship-public-2024-09.openapi.json"
VEEQO = "veeqo-openapi.json"


class NotDescribed(Exception):
    """The document has no such operation, or the operation no such parameter."""


def json_schema(node):
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, the rest is the same."""
    if isinstance(node, list):
        return [json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: json_schema(value) for key, value in node.items()}
    if node.get("type") == "string" and "maximum" in node:
        # The official document writes lengths so; a client must mean them.
        node["maxLength"] = node.pop("maximum")
    if node.pop("nullable", False) is True:
        node = {"anyOf": [node, {"type": "null"}]}
    return node


class Document:
    """Judges requests by one OpenAPI document."""

    def __init__(self, name):
        self.raw = contract(name)
        self.components = json_schema(self.raw["components"])
        self.validators = {}

    def operation(self, method, path):
        for template, operations in self.raw["paths"].items():
            if _fits(template, path) and method.lower() in operations:
                return template, operations[method.lower()]
        raise NotDescribed(f"{method} {path}")

    def judge(self, request):
        """Raise NotDescribed or ValidationError for what the document does not allow."""
        path = request.path_url.split("?")[0]
        _, operation = self.operation(request.method, path)
        self._judge_query(operation, getattr(request, "params", {}), path)
        if request.body:
            self.judge_body(request.method, path, json.loads(request.body))

    def judge_body(self, method, path, body):
        template, operation = self.operation(method, path)
        if "requestBody" not in operation:
            raise NotDescribed(f"a body of {method} {path}")
        content = operation["requestBody"]["content"]["application/json"]
        self._validator((method, template), content["schema"]).validate(body)

    def judge_answer(self, method, path, status, body):
        template, operation = self.operation(method, path)
        content = operation["responses"][str(status)].get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        self._validator((method, template, status), schema).validate(body)

    def examples(self, method, path):
        """Successful answers the document shows, by name."""
        _, operation = self.operation(method, path)
        for status, answer in operation["responses"].items():
            shown = answer.get("content", {}).get("application/json", {}).get("examples", {})
            if status.startswith("2"):
                yield from ((f"{status} {name}", each["value"]) for name, each in shown.items())

    def _judge_query(self, operation, query, path):
        described = {each["name"] for each in operation.get("parameters", [])}
        if unknown := set(query) - described:
            raise NotDescribed(f"{', '.join(sorted(unknown))} of {path}")

    def _validator(self, key, schema):
        if key not in self.validators:
            whole = json_schema(schema) | {"components": self.components}
            self.validators[key] = jsonschema.Draft202012Validator(
                whole, format_checker=jsonschema.FormatChecker()
            )
        return self.validators[key]


@functools.cache
def document(name):
    return Document(name)


def _fits(template, path):
    pairs = itertools.zip_longest(template.split("/"), path.split("/"), fillvalue="")
    return all(mine == theirs or (theirs and _is_hole(mine)) for mine, theirs in pairs)


def _is_hole(part):
    return part.startswith("{") or part == "labels.{ext}"
