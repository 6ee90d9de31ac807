from hypothesis import given
from hypothesis import strategies as st

from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.widths import column_widths

texts = st.lists(st.text(st.characters(codec="ascii"), max_size=60), min_size=3)


def table(columns: tuple[Column, ...], rows: list[list[str]]) -> Table:
    made = tuple(Row(tuple(Cell(text) for text in row)) for row in rows)
    return Table("t", "T", columns, made)


@given(texts)
def test_widths_fill_the_page(column: list[str]) -> None:
    columns = (Column("A"), Column("B", wrap=True), Column("C", wrap=True))
    rows = [[text[:20], text, "x"] for text in column]
    widths = column_widths(table(columns, rows))
    assert abs(sum(widths) - 100) < 1e-6
    assert min(widths) > 0
    assert widths[1] >= widths[2]


def test_code_is_wider_and_only_the_longest_line_counts() -> None:
    columns = (Column(""), Column(""), Column(""))
    row = ["aaaaaaaaaa", "<code>aaaaaaaaaa</code>", "aaaaa<br>aaaaa"]
    plain, code, lines = column_widths(table(columns, [row]))
    assert code > plain > lines


def test_a_verdict_has_room_beside_columns_of_text() -> None:
    sign = '<span class="sign" aria-hidden="true">?</span>'
    verdict = f'<span class="verdict inconclusive">{sign}inconclusive</span>'
    columns = (Column("A", wrap=True), Column("B"), Column("C", wrap=True))
    made = table(columns, [["a" * 20, verdict, "c" * 200]])
    # 12 bold letters, a sign and two paddings are 69 points; the page has 396.
    assert 396 * column_widths(made)[1] / 100 > 69
    tagged = f'{verdict} <span class="tag">post hoc</span>'
    plain = f"{verdict} post hoc"
    wider, narrower = (
        column_widths(table(columns, [["a" * 20, one, "c" * 200]]))[1]
        for one in (tagged, plain)
    )
    assert wider > narrower


def test_a_formula_takes_the_room_it_is_set_in() -> None:
    tex = r"\frac{1}{N} \sum_{i=1}^{N} \mathbf{1}[\hat{y}_i = y_i] \text{ of many}"
    formula = f'<span class="math">{tex}</span>'
    columns = (Column("A", wrap=True), Column("B"), Column("C", wrap=True))
    widths = column_widths(table(columns, [["a" * 20, formula, "c" * 60]]))
    assert 0.1 < widths[1] / 100 < 0.35


def test_text_keeps_some_room_beside_columns_that_may_not_break() -> None:
    columns = (Column("A", wrap=True), Column("B"), Column("C", wrap=True))
    widths = column_widths(table(columns, [["a" * 20, "b" * 200, "c" * 60]]))
    assert min(widths) > 2


def test_room_goes_where_it_saves_lines() -> None:
    """A column of long sentences is not narrowed for names that fit."""
    columns = (Column("A", wrap=True), Column("B", wrap=True))
    rows = [["frozen", "a sentence of several words " * 4] for _ in range(30)]
    name, sentence = column_widths(table(columns, rows))
    assert name < 20
    assert sentence > 80


def test_a_word_is_not_broken_to_save_lines_elsewhere() -> None:
    columns = (Column("A", wrap=True), Column("B", wrap=True))
    rows = [["indistinguishable", "a sentence of several words " * 9]] * 30
    assert 94 * column_widths(table(columns, rows))[0] / 100 >= len("indistinguishable")


def test_short_lines_are_not_broken() -> None:
    title = Column("What must stay", wrap=True)
    columns = (title, Column("B", wrap=True))
    rows = [["18 of 18", " ".join(["word"] * count)] for count in range(20, 90)]
    assert 94 * column_widths(table(columns, rows))[0] / 100 >= len("18 of 18")
