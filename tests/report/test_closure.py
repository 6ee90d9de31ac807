"""The page tells every captured setting of every arm, and nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from markupsafe import Markup

from reportgen.analysis.audit.captures import merge_captures
from reportgen.analysis.findings.study import CaptureEntry, Findings
from reportgen.errors import GateError
from reportgen.project import Project
from reportgen.report import study as rendering
from reportgen.report.captured import spec_places
from reportgen.report.closure import check_capture
from reportgen.report.document import Report, Table
from reportgen.report.html import render_page
from reportgen.report.pdf import draft_paper
from reportgen.report.results import Results
from reportgen.report.sections import Templates
from reportgen.report.tables.contrasts import draw as draw_contrasts
from reportgen.report.tables.hyperparameters import draw as draw_settings
from reportgen.report.tables.tensors import draw as draw_tensors
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Positions
from tests.analysis.factory import make_bundle, make_results, make_study, with_record

Draw = Callable[[Any, Any], Table | None]
TABLES: dict[str, Draw] = {
    "hyperparameters": draw_settings,
    "contrasts": draw_contrasts,
    "tensors": draw_tensors,
}
TENSOR = {
    "shape": [4, 2],
    "dtype": "float32",
    "trained": True,
    "mean": 0.0123456,
    "sd": 0.5,
    "min": -1.0,
    "max": 1.25,
    "sha256": "0123456789ab",
}


@dataclass(frozen=True)
class Media:
    """A report as it is read, and where the words of its spec stand."""

    page: str
    paper: str
    places: Positions


@pytest.fixture(scope="module")
def media(
    told: tuple[Project, StudySpec],
    report: Report,
    templates: Templates,
    tmp_path_factory: pytest.TempPathFactory,
) -> Media:
    page = render_page(report, templates, tmp_path_factory.mktemp("cache"))
    places = spec_places(told[0].spec(told[1].study))
    assert places is not None
    return Media(page, draft_paper(report, templates).markup, places)


def wrongs(page: str, findings: Findings, places: Positions | None = None) -> list[str]:
    return [problem.what for problem in check_capture(page, findings, places)]


def altered(page: str, old: str, new: str) -> str:
    old = old.replace("<wbr>", "(?:<wbr>|\u200b)")  # on the page and in the paper
    assert len(re.findall(old, page, re.S)) >= 1, old
    return re.sub(old, new, page, count=1, flags=re.S)


def test_real_page_and_paper_tell_the_capture(media: Media, results: Results) -> None:
    assert results.findings.capture
    assert wrongs(media.page, results.findings, media.places) == []
    assert wrongs(media.paper, results.findings, media.places) == []
    # Where a setting was typed is told, and checked, too.
    found, own = wrongs(media.page, results.findings)
    assert "tells captured settings otherwise: batching.batch_size" in found
    assert "tells captured settings otherwise: model.lstm.dropout of dropout" in own


DROPOUT = r"<code>model\.<wbr>lstm\.<wbr>dropout"
ROW = r"<tr>\s*<th[^>]*>\s*<code>optimizer.*?</tr>"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (ROW, "", "does not tell captured settings: optimizer.group0.betas"),
        (
            r"0\.<wbr>9,<wbr> 0\.<wbr>999",
            "0.8, 0.999",
            "tells captured settings otherwise: optimizer.group0.betas of baseline",
        ),
        (
            r'(id="tab-contrasts".*?<code>)0\.<wbr>3(</code>)',
            r"\g<1>0.4\2",
            "tells captured settings otherwise: model.lstm.dropout of dropout",
        ),
        (
            rf'(id="tab-contrasts".*?)<tr>\s*<th[^>]*>{DROPOUT}.*?</tr>',
            r"\1",
            "tells captured settings otherwise: model.lstm.dropout of dropout",
        ),
        (
            rf'(id="tab-contrasts".*?{DROPOUT}.*?spec line )(?=\d)',
            r"\g<1>1",
            "tells captured settings otherwise: model.lstm.dropout of dropout",
        ),
        (
            r'(id="tab-contrasts".*?<code>)dropout(</code>)',
            r"\g<1>bilstm\2",
            "tells settings that nobody captured: model.lstm.dropout of bilstm",
        ),
        (
            r"(<code>)batching\.",
            r"\1padding.",
            "tells settings that nobody captured: padding.batch_size",
        ),
        (
            ">decay rates of the gradient moments<",
            ">something else<",
            "tells captured settings otherwise: optimizer.group0.betas",
        ),
        (
            "default: <code>torch",
            "spec: <code>torch",
            "tells captured settings otherwise: optimizer.group0.betas",
        ),
        (r'id="tab-hyperparameters"', "", "does not tell captured settings"),
    ],
)
def test_page_or_paper_that_departs_from_the_capture_is_caught(
    media: Media, results: Results, old: str, new: str, what: str
) -> None:
    for medium in (media.page, media.paper):
        found = wrongs(altered(medium, old, new), results.findings, media.places)
        assert any(what in one for one in found), found


def test_capture_that_grew_behind_the_page_is_caught(
    media: Media, results: Results
) -> None:
    more = entry("model.extra", 3)
    findings = results.findings.model_copy(
        update={"capture": (*results.findings.capture, more)}
    )
    assert (
        "does not tell captured settings: model.extra"
        in wrongs(media.page, findings, media.places)[0]
    )


def entry(path: str, value: Any, **changes: Any) -> CaptureEntry:
    settings: dict[str, Any] = {
        "path": path,
        "value": value,
        "unit": "units",
        "source": "derived",
        "origin": "read from <it> & more",
        "meaning": "a setting",
        "exceptions": {},
        "absent": (),
    }
    return CaptureEntry.model_validate(settings | changes)


@pytest.mark.parametrize(
    "one",
    [
        entry(
            "model.a", "x  < y & z", exceptions={"bilstm": None, "dropout": [1, "a"]}
        ),
        entry("model.f", 1, source="default", origin="default of reportgen"),
        entry("model.b", True, absent=("bilstm", "dropout")),
        entry("model.c", None, absent=("baseline",), unit=None),
        entry("seed", 0, of_seed=True),
        entry("model.d", 1, exceptions={"bilstm (seed 3)": 2}),
        entry("model.e", 1, absent=("bilstm (seed 3)",)),
        entry(
            "model.g",
            1,
            exceptions={"bilstm": 2, "dropout (seed 3)": 3},
            otherwise={
                "bilstm": ("default", "default of torch.nn:LSTM"),
                "dropout (seed 3)": ("spec", "model.params.g"),
            },
        ),
        entry("parameters.w", TENSOR, of_seed=True),
        entry("parameters.w", TENSOR, absent=("bilstm",), of_seed=True),
        entry(
            "parameters.w",
            TENSOR,
            exceptions={"bilstm": {**TENSOR, "trained": False, "sha256": "f" * 12}},
        ),
        entry("parameters.w", "the tensor parameters.v", exceptions={"bilstm": TENSOR}),
    ],
    ids=lambda one: one.path,
)
def test_every_shape_of_an_entry_can_be_told(
    one: CaptureEntry, results: Results, templates: Templates
) -> None:
    """Whatever analysis makes of captures, its tables tell it back."""
    findings = results.findings.model_copy(
        update={"capture": (*results.findings.capture, one)}
    )
    assert wrongs(tables_alone(findings, templates), findings) == []


@pytest.mark.parametrize("absent", [(), ("arm-6",)])
def test_arms_named_as_all_others_are_told(
    absent: tuple[str, ...], results: Results, templates: Templates
) -> None:
    run = results.findings.runs[0]
    runs = tuple(run.model_copy(update={"arm": f"arm-{n}"}) for n in range(8))
    odd = {"arm-3": {**TENSOR, "sha256": "f" * 12}}
    capture = (
        entry("parameters.w", TENSOR, exceptions=odd, absent=absent),
        entry("model.x", 1),
    )
    findings = results.findings.model_copy(update={"runs": runs, "capture": capture})
    page = tables_alone(findings, templates)
    assert "all others" in page
    assert wrongs(page, findings) == []
    changed = altered(page, r">all others \(\d\)", ">all others (3)")
    assert (
        "does not tell captured settings: parameters.w" in wrongs(changed, findings)[0]
    )


def tables_alone(findings: Findings, templates: Templates) -> str:
    """The three tables as the page prints them."""
    write: Any = SimpleNamespace(findings=findings, places=None)
    blocks: Any = templates.environment.get_template("blocks.html").module
    drawn = [draw(None, write) for draw in TABLES.values()]
    return "".join(blocks.table(one, Markup, False) for one in drawn if one is not None)


def test_arm_that_left_no_capture_is_said_to(
    results: Results, templates: Templates
) -> None:
    bundle = make_bundle(make_study())
    for seed in range(5):
        bundle = with_record(bundle, "bilstm", seed, capture=())
    capture = merge_captures(make_results(bundle))
    findings = results.findings.model_copy(update={"capture": capture})
    page = tables_alone(findings, templates)
    assert "No run of bilstm got as far as being captured" in page
    assert wrongs(page, findings) == []


def test_nothing_is_written_over_a_page_that_departs(
    told: tuple[Project, StudySpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, study = told
    real = render_page
    monkeypatch.setattr(
        rendering,
        "render_page",
        lambda *given: altered(real(*given), ROW, ""),
    )
    monkeypatch.setattr(rendering, "print_paper", lambda *_: b"%PDF")
    before = project.report(study.study).exists()
    with pytest.raises(GateError, match=r"does not tell .*optimizer\.group0\.betas"):
        rendering.render_study(project, study)
    assert project.report(study.study).exists() == before
