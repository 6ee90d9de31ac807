"""The JSON Schema says what the models say, and knows the catalogues."""

from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.studies import catalogues_of
from reportgen.project import Project
from reportgen.spec.model import StudySpec
from reportgen.spec.schema import study_schema
from reportgen.training.models import MODELS

SCHEMA = study_schema(catalogues_of(Project(Path(__file__).parents[2])))


def test_requires_every_top_level_key() -> None:
    assert set(SCHEMA["required"]) == set(StudySpec.model_fields)
    assert SCHEMA["additionalProperties"] is False


def properties() -> list[tuple[str, dict[str, Any]]]:
    models = {"StudySpec": SCHEMA, **SCHEMA["$defs"]}
    return [
        (f"{model}.{name}", value)
        for model, schema in models.items()
        for name, value in schema.get("properties", {}).items()
    ]


@pytest.mark.parametrize(("name", "value"), properties())
def test_explains_every_key(name: str, value: dict[str, Any]) -> None:
    assert value.get("description"), name


def test_offers_names_and_their_settings() -> None:
    model = SCHEMA["properties"]["model"]
    assert model["properties"]["use"]["examples"] == [*MODELS]
    lstm = model["allOf"][0]
    assert lstm["if"]["properties"]["use"] == {"const": "lstm"}
    params = lstm["then"]["properties"]["params"]
    assert params["properties"]["layers"] == {"type": "integer", "default": 2}
    assert "info" not in params["properties"]
    dataset = SCHEMA["$defs"]["DataSpec"]["allOf"][0]["then"]["properties"]["params"]
    assert dataset["required"] == ["rows", "length", "rule"]
    assert dataset["properties"]["rule"] == {
        "type": "array",
        "items": {"type": "string"},
    }


def test_other_components_stay_as_they_were() -> None:
    use = SCHEMA["$defs"]["Component"]["properties"]["use"]
    assert "examples" not in use
