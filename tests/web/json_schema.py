"""The few rules of JSON Schema that our description uses; any other one is refused rather than not checked."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
KNOWN = {
    "$ref", "type", "properties", "required", "additionalProperties", "items", "maxItems", "enum", "minimum",
    "maximum", "format", "description", "default",
}  # fmt: skip


def faults(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], path: str = "$") -> list[str]:
    """Return where a value is not as a schema of a document says."""
    return list(_faults(value, schema, document, path))


def _faults(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], path: str) -> Iterator[str]:
    assert set(schema) <= KNOWN, f"{path}: {set(schema) - KNOWN}"
    if "$ref" in schema:
        target: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        yield from _faults(value, target, document, path)
    types = schema.get("type", list(TYPES))
    if not any(_is(value, one) for one in ([types] if isinstance(types, str) else types)):
        yield f"{path}: {value!r} is no {types}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is not in {schema['enum']}"
    if isinstance(value, dict):
        yield from _of_object(value, schema, document, path)
    elif isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)):
            yield f"{path}: {len(value)} items"
        for number, one in enumerate(value):
            yield from _faults(one, schema.get("items", {}), document, f"{path}[{number}]")
    else:
        yield from _of_scalar(value, schema, path)


def _of_scalar(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: {value} is out of bounds"
    if isinstance(value, str) and "format" in schema:
        try:
            FORMATS[schema["format"]](value)
        except ValueError:
            yield f"{path}: {value!r} is no {schema['format']}"


def _of_object(
    value: Mapping[str, Any], schema: Mapping[str, Any], document: Mapping[str, Any], path: str
) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{path}: no {name}" for name in schema.get("required", []) if name not in value)
    for name, one in value.items():
        if name in properties:
            yield from _faults(one, properties[name], document, f"{path}.{name}")
        elif schema.get("additionalProperties", True) is False:
            yield f"{path}: {name} is not described"


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
