from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.report.cite import Bibliography, load_bibliography

BIB = """\
@article{b, author = {M{\\"u}ller, Anna and others}, title = {On {LSTM} & <more>},
  journal = {J. Synth.}, year = {2019}, pages = {1--9}, doi = {10.1/x_y}}
@misc{a, author = {Adams, Bo}, title = {One}, year = {2020}, eprint = {2001.00001},
  archivePrefix = {arXiv}}
@misc{c, author = {Adams, Bo}, title = {Two}, year = {2020}, url = {https://e.org/}}
"""


@pytest.fixture
def bibliography(tmp_path: Path) -> Bibliography:
    path = tmp_path / "some.bib"
    path.write_text(BIB, encoding="utf-8")
    return load_bibliography(path)


def test_references_are_sorted_and_told_apart(bibliography: Bibliography) -> None:
    labels = {work.key: work.label for work in bibliography.references}
    assert list(labels) == ["a", "c", "b"]
    assert labels["a"] == "Adams, 2020a"
    assert labels["c"] == "Adams, 2020b"
    assert labels["b"] == "Müller et al., 2019"


def test_lines_keep_accents_addresses_and_nothing_raw(
    bibliography: Bibliography,
) -> None:
    lines = {work.key: work.html for work in bibliography.references}
    assert (
        "Müller, A., et al. (2019)" in lines["b"]
        or "Müller, A. et al. (2019)" in (lines["b"])
    )
    assert 'href="https://doi.org/10.1/x_y"' in lines["b"]
    assert "&amp; &lt;more&gt;" in lines["b"]
    assert 'href="https://arxiv.org/abs/2001.00001"' in lines["a"]
    assert "(2020b)" in lines["c"]
    assert "others" not in "".join(lines.values())


def test_citations_link_and_follow_the_list(bibliography: Bibliography) -> None:
    cited = bibliography.cite(("b", "a"))
    assert cited == (
        '(<a class="cite" href="#ref-a">Adams, 2020a</a>; '
        '<a class="cite" href="#ref-b">Müller et al., 2019</a>)'
    )
    assert bibliography.cite(("a",), narrative=True) == (
        '<a class="cite" href="#ref-a">Adams (2020a)</a>'
    )


def test_entries_nobody_cites_are_named_with_their_line(
    bibliography: Bibliography,
) -> None:
    problems = bibliography.unused(["b", "c"])
    assert [problem.what for problem in problems] == ["nothing cites 'a'"]
    assert getattr(problems[0].where, "line", None) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BIB + BIB, r"bib:6:\d+: entry 'b' occurs twice"),
        ("@misc{x, author = {A, B}, year = 2000}", "'x' has no title"),
        ("@misc{x, title = {T}, year = 2000}", "'x' has no author"),
        ("@misc{x, author = {A, B}, title = {T}}", "'x' has no year"),
        ("@misc{x, author = {A, B}, title = ", "not BibTeX"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "wrong.bib"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_bibliography(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.bib: there is no such bibliography"):
        load_bibliography(tmp_path / "no.bib")
    assert load_bibliography(None).references == ()
