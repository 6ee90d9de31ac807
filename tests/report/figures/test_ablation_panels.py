from hypothesis import given
from hypothesis import strategies as st

from reportgen.report.figures.ablation_panels import find_panel, hidden_alike, moves
from reportgen.report.figures.glyphs import Token, read_symbol, read_tokens
from tests.report.figures.sample import make_sample

tokens = st.lists(
    st.builds(Token, st.sampled_from("▲■●◆"), st.sampled_from("rgby")),
    min_size=1,
    max_size=20,
)


def test_symbols_are_read() -> None:
    assert read_symbol("▲r") == Token("▲", "r")
    assert read_symbol("●") == Token("●")
    assert read_symbol("y") == Token(colour="y")
    assert read_symbol("·") == Token()
    assert read_symbol("■·") == Token("■")
    assert read_symbol("cat") == Token(text="cat")
    assert read_symbol("▲■") == Token(text="▲■")


def test_rows_are_read_from_one_channel_or_two() -> None:
    expected = (Token("▲", "r"), Token("■", "g"))
    assert read_tokens(("▲■", "rg")) == expected
    assert read_tokens(("▲ ■", "r g")) == expected
    assert read_tokens(("▲r ■g",)) == expected


@given(tokens, st.randoms(use_true_random=False))
def test_moves_lead_every_token_to_its_like(row: list[Token], random: object) -> None:
    shuffled = list(row)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = moves(row, shuffled)
    if row == shuffled:
        assert found == []
        return
    assert sorted(one for one, _ in found) == list(range(len(row)))
    assert sorted(other for _, other in found) == list(range(len(row)))
    assert all(row[one] == shuffled[other] for one, other in found)


@given(tokens)
def test_hiding_is_told_from_drawing_anew(row: list[Token]) -> None:
    shapes = [Token(token.shape) for token in row]
    assert hidden_alike(row, shapes) == tuple(shapes)
    assert hidden_alike(row, [*shapes, Token("▲")]) is None


def test_only_changed_rows_are_illustrated() -> None:
    for joint in (False, True):
        view = make_sample(arms=9, joint=joint)
        for arm in ("order-shuffled", "shape-only", "colour-only", "tokens-split"):
            panel = find_panel(view, arm)
            assert panel is not None, arm
            assert panel.split == "test"
            assert panel.before != panel.after
        assert find_panel(view, "frozen") is None  # reads what the baseline reads
        assert find_panel(view, "nobody") is None


def test_a_row_drawn_anew_is_not_called_changed() -> None:
    view = make_sample(arms=3)
    cards = list(view.findings.data)
    split = cards[2].splits["test"]
    other = split.model_copy(update={"examples": (("▲" * 20, "r" * 20),)})
    splits = dict.fromkeys(cards[2].splits, other)
    cards[2] = cards[2].model_copy(update={"splits": splits})
    findings = view.findings.model_copy(update={"data": tuple(cards)})
    fresh = type(view)(view.study, view.facts, findings, view.curves)
    assert find_panel(view, "order-shuffled") is not None
    assert find_panel(fresh, "order-shuffled") is None
