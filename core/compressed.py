"""A column for large JSON that is read whole and never searched."""

import json
import zlib
from typing import Any

import orjson
from django.db import models

# Level 1: repetitive JSON shrinks to about a tenth already, at the least cost of time.
_LEVEL = 1


class CompressedJSONField(models.BinaryField):
    """JSON, compressed: the same bytes on both databases."""

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, bytes):
            return value
        return zlib.compress(orjson.dumps(value), _LEVEL)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return None if value is None else orjson.loads(zlib.decompress(bytes(value)))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))
