"""The JSON Schema of a spec, for editors: the models and the catalogues in, a dict out.

Begin a spec with `# yaml-language-server: $schema=study.schema.json`, and an editor
completes keys, shows what they mean and marks what is wrong.
"""

from collections.abc import Mapping
from typing import Any

from reportgen.spec.component import Catalogues, Kind, settings_of
from reportgen.spec.model import StudySpec
from reportgen.spec.shape import Shape
from reportgen.spec.signature import UNKNOWN_DEFAULT, read_signature

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "str": "string",
    "null": "null",
}


def study_schema(catalogues: Catalogues) -> Schema:
    """Give the schema, with the settings of everything that has a name."""
    schema = _without_titles(StudySpec.model_json_schema())
    definitions, properties = schema["$defs"], schema["properties"]
    _offer(definitions["DataSpec"], "dataset", catalogues.datasets)
    _offer(definitions["TransformStep"], "transform", catalogues.transforms)
    shift = {**definitions["Component"]}
    _offer(shift, "transform", catalogues.transforms)
    definitions["DataSpec"]["properties"]["shifts"]["additionalProperties"] = shift
    model = {**definitions["Component"], **properties["model"]}
    model.pop("$ref")
    _offer(model, "model", catalogues.models)
    properties["model"] = model
    section = definitions["SectionSpec"]["properties"]["use"]
    section["examples"] = [*catalogues.sections]
    properties["metrics"]["items"]["examples"] = [*catalogues.metrics]
    for branch in properties["controls"]["anyOf"]:
        if "items" in branch:
            branch["items"]["examples"] = [*catalogues.controls]
    return {"$schema": DIALECT, "title": "A reportgen study", **schema}


def _without_titles(schema: Any) -> Any:
    """Drop the titles pydantic derives from names: editors show the name anyway."""
    if isinstance(schema, list):
        return [_without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_titles(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }


def _offer(component: Schema, kind: Kind, catalogue: Mapping[str, str]) -> None:
    """Offer the names of a catalogue for `use`, each with its own settings."""
    properties = component["properties"]
    use = {**properties["use"], "examples": [*catalogue]}
    component["properties"] = {**properties, "use": use}
    component["allOf"] = [
        {
            "if": {"properties": {"use": {"const": name}}, "required": ["use"]},
            "then": {"properties": {"params": _settings(kind, target)}},
        }
        for name, target in catalogue.items()
    ]


def _settings(kind: Kind, target: str) -> Schema:
    settable = settings_of(read_signature(target), kind)
    described: Schema = {}
    for name, parameter in settable.items():
        described[name] = _fitting(parameter.shape)
        if not parameter.required and parameter.default != UNKNOWN_DEFAULT:
            described[name]["default"] = parameter.default
    required = [name for name, parameter in settable.items() if parameter.required]
    return {
        "properties": described,
        "required": required,
        "additionalProperties": False,
    }


def _fitting(shape: Shape) -> Schema:
    """The JSON Schema of what fits a shape."""
    if shape.kind in TYPES:
        return {"type": TYPES[shape.kind]}
    if shape.kind == "one of":
        return {"enum": [*shape.words]}
    if shape.kind == "union":
        return {"anyOf": [_fitting(part) for part in shape.parts]}
    if shape.kind == "tuple":
        count = len(shape.parts)
        parts = [_fitting(part) for part in shape.parts]
        return {
            "type": "array",
            "prefixItems": parts,
            "minItems": count,
            "maxItems": count,
        }
    inside = _fitting(shape.parts[0]) if shape.parts else {}
    if shape.kind == "list":
        return {"type": "array", "items": inside}
    if shape.kind == "map":
        return {"type": "object", "additionalProperties": inside}
    return {}
