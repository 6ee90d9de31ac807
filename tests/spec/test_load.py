"""A study's file: all of its problems at once, each in its place and in our words."""

from pathlib import Path

import pytest

from reportgen.errors import InputError, Location
from reportgen.spec.load import load_study

SOUND = Path(__file__).parents[1] / "golden" / "broken" / "sound.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "specs" / "sound.yaml"
    path.parent.mkdir()
    path.write_text(SOUND.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def edit(path: Path, *pairs: tuple[str, str]) -> Path:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_loads_a_sound_study(spec: Path) -> None:
    loaded = load_study(spec)
    assert loaded.spec.training.optimizer.params == {"lr": 0.01}
    assert loaded.spec.seed_list == (0, 1, 2)
    where = loaded.positions.value(("training", "optimizer", "params", "lr"))
    assert (where.file, where.line) == ("specs/sound.yaml", 10)


def test_reports_all_problems_in_the_order_of_the_file(spec: Path) -> None:
    edit(
        spec,
        ("question: Does", "qestion: Does"),
        ("epochs: 4", "epochs: four"),
        ("seeds: 3", "seeds: [0, 1.5]"),
        ("margin: 0.05", "margn: 0.05"),
        ("bibliography:", "template: Fancy\n  bibliography:"),
    )
    with pytest.raises(InputError, match="qestion") as caught:
        load_study(spec)
    found = [(one.where, one.what) for one in caught.value.problems]
    assert [
        (where.line, what) for where, what in found if isinstance(where, Location)
    ] == [
        (2, "unknown key 'qestion'"),
        (8, "training.epochs: must be a whole number, not the text 'four'"),
        (13, "seeds[1]: must be a whole number, not the number 1.5"),
        (24, "claims.order-matters: unknown key 'margn'"),
        (
            32,
            "report.template: 'Fancy' is no name: small letters, digits and dashes, "
            "a letter first",
        ),
    ]


def test_a_place_with_broken_syntax_is_told_once(spec: Path) -> None:
    edit(spec, ("epochs: 4", "epochs: 0x_4"))
    with pytest.raises(InputError, match="readers of YAML disagree") as caught:
        load_study(spec)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("written", ["yes", "on", "1", "'true'"])
def test_yaml_1_1_truth_is_no_truth(spec: Path, written: str) -> None:
    edit(spec, ("epochs: 4", f"epochs: 4\n  precision: {written}"))
    with pytest.raises(InputError, match="must be 'float32' or 'bfloat16'"):
        load_study(spec)


def test_a_missing_key_is_told_where_it_should_stand(spec: Path) -> None:
    edit(spec, ("    why: More units may help.\n", ""))
    with pytest.raises(InputError, match="the key 'why' is missing") as caught:
        load_study(spec)
    (problem,) = caught.value.problems
    assert isinstance(problem.where, Location)
    assert problem.where.text == "  wide:"
