from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.document import Figure, Prose, Report, Table
from reportgen.report.results import Results
from reportgen.report.tables import TABLES
from reportgen.spec.model import StudySpec
from tests.report.conftest import SECTIONS, write_study


def tables_of(report: Report) -> dict[str, Table]:
    return {
        block.name: block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    }


def test_sections_keep_the_specs_order_and_none_is_missing(report: Report) -> None:
    names = [section.name for section in report.body]
    added = {"expectations", "tested", "able", "inconclusive", "deviations"}
    assert added <= set(names)
    listed = [name for name in names if name in {one["use"] for one in SECTIONS}]
    assert [*listed, "text-3"] == ["summary", "introduction", "results", "text-3"]
    assert names.index("able") < names.index("results") < names.index("deviations")
    assert [section.number for section in report.body] == ["", *map(str, range(1, 9))][
        : len(names)
    ]
    lettered = {section.name: section.number for section in report.appendices}
    assert lettered["hyperparameters"] == "A"
    assert {"runs", "checks", "data", "environment", "rerun", "glossary"} <= set(
        lettered
    )


def test_a_title_of_the_author_is_markdown(report: Report) -> None:
    assert "A <em>section</em> of our own" in {part.title for part in report.body}


def test_figures_and_tables_are_numbered_as_they_appear(report: Report) -> None:
    blocks = [block for part in report.sections for block in part.blocks]
    for kind in (Figure, Table):
        numbers = [block.number for block in blocks if isinstance(block, kind)]
        assert numbers == [str(n + 1) for n in range(len(numbers))]
        assert numbers


def test_a_reference_shows_the_number(report: Report) -> None:
    (curves,) = [one for one in report.figures if one.name == "learning_curves"]
    texts = [b.html for b in report.sections[1].blocks if isinstance(b, Prose)]
    assert f'href="#fig-learning-curves">Figure\u00a0{curves.number}</a>' in texts[0]
    assert "data-ref" not in str(report.sections)


def test_every_run_and_setting_is_there(report: Report, results: Results) -> None:
    tables = tables_of(report)
    assert len(tables["runs"].rows) == len(results.findings.runs) == 20
    paths = {row.cells[0].sort for row in tables["hyperparameters"].rows}
    tensors = tables.get("tensors")
    if tensors is not None:
        paths |= {row.cells[0].sort for row in tensors.rows}
    assert paths == {entry.path for entry in results.findings.capture}
    claims = [row.cells[0].sort for row in tables["verdicts"].rows]
    assert claims == [claim.id for claim in results.findings.claims]


def test_evidence_covers_every_marked_number(report: Report) -> None:
    shown = set()
    for part in report.sections:
        for piece in str(part.blocks).split('data-fact="')[1:]:
            shown.add(piece.split('"')[0])
    known = {fact.id for fact in report.evidence}
    assert shown <= known
    assert "score/baseline/test.hwa@best/mean" in known


def test_every_table_is_a_table_or_nothing(report: Report) -> None:
    assert set(tables_of(report)) <= set(TABLES)
    for table in tables_of(report).values():
        assert {len(row.cells) for row in table.rows} == {len(table.columns)}


def test_the_digest_follows_what_is_printed(
    told: tuple[Project, StudySpec], results: Results, report: Report
) -> None:
    again = compose_report(*told, results)
    assert again.digest == report.digest
    findings = results.findings.model_copy(update={"spec_digest": "0" * 64})
    other = compose_report(*told, replace(results, findings=findings))
    assert other.digest != report.digest


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"use": "nosuch"}, "no section template 'nosuch'"),
        ({"use": "text", "prose": "{{ ref('fig-ablations') }}"}, "is not part of this"),
        ({"use": "text", "prose": "12 runs"}, "the number 12 is typed"),
    ],
)
def test_a_wrong_section_is_told(
    tmp_path: Path, results: Results, section: dict[str, str], message: str
) -> None:
    study = write_study(tmp_path, [*SECTIONS, section])
    with pytest.raises(InputError, match=message):
        compose_report(Project(tmp_path), study, results)


def test_a_reference_nobody_cites_is_told(tmp_path: Path, results: Results) -> None:
    study = write_study(tmp_path, SECTIONS)
    bib = Project(tmp_path).spec("synthetic").with_suffix(".bib")
    extra = "@misc{unread, author = {A, B}, title = {T}, year = 2000}\n"
    bib.write_text(bib.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(InputError, match=r"bib:\d+:7: nothing cites 'unread'"):
        compose_report(Project(tmp_path), study, results)


def test_reasons_in_the_spec_are_bound_like_any_text(
    told: tuple[Project, StudySpec], results: Results
) -> None:
    project, study = told
    why = "Both of {{ count('arms') }} *arms*."
    variant = study.variants["bilstm"].model_copy(update={"why": why})
    variants = {**study.variants, "bilstm": variant}
    changed = study.model_copy(update={"variants": variants})
    table = tables_of(compose_report(project, changed, results))["variants"]
    assert table.rows[0].cells[2].html == (
        'Both of <span class="fact" data-fact="count/arms">4</span> <em>arms</em>.'
    )
