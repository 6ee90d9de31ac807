from reportgen.report.markdown import formulas, read_inline, read_markdown


def test_headings_begin_below_those_of_sections() -> None:
    made = read_markdown("# One\n\n## Two\n\n#### Four", prefix="a")
    assert "<h3>One</h3>" in made
    assert "<h4>Two</h4>" in made
    assert "<h5>Four</h5>" in made


def test_nothing_raw_gets_through() -> None:
    made = read_markdown("<script>x</script> [a](javascript:b) <b>c</b>", prefix="a")
    assert "<script" not in made
    assert "href" not in made
    assert "<b>" not in made


def test_money_is_no_formula_and_code_is_left_alone() -> None:
    made = read_markdown(r"`$a$`, $x < y$ and $$\sum_i$$ for $5 or $6", prefix="a")
    assert formulas(made) == ["x < y", r"\sum_i"]
    assert "<code>$a$</code>" in made
    assert "for $5 or $6" in made


def test_footnotes_of_sections_do_not_collide() -> None:
    one = read_markdown("A[^1]\n\n[^1]: note", prefix="one")
    two = read_markdown("A[^1]\n\n[^1]: note", prefix="two")
    assert 'id="fn-one-1"' in one
    assert 'href="#fn-two-1"' in two
    assert "[1]" not in one


def test_inline_text_has_no_paragraph() -> None:
    assert read_inline("a *b*\nc") == "a <em>b</em> c"
