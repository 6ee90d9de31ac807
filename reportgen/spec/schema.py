"""The JSON Schema of a spec, for editors: the models and the catalogues in, a dict out.

Begin a spec with `# yaml-language-server: $schema=study.schema.json`, and an editor
completes keys, shows what they mean and marks what is wrong.
"""

from typing import Any

from reportgen.spec.component import Catalogues
from reportgen.spec.model import StudySpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def study_schema(catalogues: Catalogues) -> dict[str, Any]:
    """Give the schema, with the names of the catalogues as examples."""
    schema = StudySpec.model_json_schema()
    definitions = schema["$defs"]
    names = {
        "DataSpec": [*catalogues.datasets],
        "TransformStep": [*catalogues.transforms],
        "SectionSpec": [*catalogues.sections],
    }
    for model, examples in names.items():
        definitions[model]["properties"]["use"]["examples"] = examples
    properties = schema["properties"]
    properties["metrics"]["items"]["examples"] = [*catalogues.metrics]
    for branch in properties["controls"]["anyOf"]:
        if "items" in branch:
            branch["items"]["examples"] = [*catalogues.controls]
    properties["model"] = _with_examples(properties["model"], [*catalogues.models])
    return {"$schema": DIALECT, **schema}


def _with_examples(reference: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """A component whose `use` has examples of its own."""
    return {**reference, "properties": {"use": {"examples": names}}}
