import hashlib
from pathlib import Path

import pytest

from reportgen.report.fonts import FACES, compressed_face, cut_face, uncovered


def test_every_face_is_small_static_and_always_the_same() -> None:
    for face in FACES:
        font = cut_face(face, "")
        assert font == cut_face(face, "")
        assert b"fvar" not in font[:400], face.name
        assert len(font) < 160_000, face.name


def test_a_character_is_added_on_demand() -> None:
    plain, more = cut_face(FACES[4], ""), cut_face(FACES[4], "Ж")
    assert len(more) > len(plain)


def test_compressing_is_done_once(tmp_path: Path) -> None:
    first = compressed_face(FACES[-1], "", tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.suffix == ".woff2"
    assert hashlib.sha256(first).digest() == hashlib.sha256(kept.read_bytes()).digest()
    kept.write_bytes(b"from the cache")
    assert compressed_face(FACES[-1], "", tmp_path) == b"from the cache"


@pytest.mark.parametrize(("text", "missing"), [("▲■●◆ − ✓ ✗ ≈ ×", ""), ("a漢b", "漢")])
def test_characters_without_a_glyph_are_named(text: str, missing: str) -> None:
    assert uncovered(text) == missing
