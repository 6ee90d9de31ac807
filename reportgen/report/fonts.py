"""Fonts: the characters a report uses in, small static font files out.

The families come as variable fonts from packages of their own, so nothing depends on
what a machine has installed. HarfBuzz pins the axes and drops the glyphs nobody needs;
compressing for the page is the slow part, so those files are cached by what is in them.
"""

import hashlib
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import uharfbuzz
from fontTools.ttLib import TTFont

SERIF, SANS, MONO = "Report Serif", "Report Sans", "Report Mono"
_FEATURES = (
    *("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk"),
    *("lnum", "onum", "pnum", "tnum", "smcp", "c2sc", "sups"),
)
# Kept whatever a report says, so that most reports share one cache entry.
_ALWAYS = (
    "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)]))
    + "αβγδεηθκλμνπρστφχψωΓΔΘΛΣΦΨΩ‐‑–—‘’“”„†‡•…‰′″‹›⁄€™←↑→↓↔↕−∑∏√∞≈≠≤≥∈"
    + "▲■●◆△□○◇✓✗\u2009\u202f⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉"
)
# The serif has some of these only; taken from the sans, they match each other.
_SYMBOLS = "▲■●◆△□○◇✓✗"


@dataclass(frozen=True)
class Face:
    """One style of a family, cut from a variable font."""

    family: str
    weight: int
    style: Literal["normal", "italic"]
    package: str
    file: str
    axes: tuple[tuple[str, float], ...]

    @property
    def name(self) -> str:
        """A file name without suffix."""
        family = self.family.lower().replace(" ", "-")
        return f"{family}-{self.weight}-{self.style}"


def _serif(weight: int, style: Literal["normal", "italic"], size: float) -> Face:
    slope = "-Italic" if style == "italic" else ""
    return Face(
        SERIF,
        weight,
        style,
        "fontpkg_source_serif_4",
        f"SourceSerif4{slope}[opsz,wght].ttf",
        (("opsz", size), ("wght", weight)),
    )


def _sans(weight: int, style: Literal["normal", "italic"]) -> Face:
    slope = "-Italic" if style == "italic" else ""
    file = f"SourceSans3{slope}[wght].ttf"
    axes = (("wght", float(weight)),)
    return Face(SANS, weight, style, "fontpkg_source_sans_3", file, axes)


FACES = (
    _serif(400, "normal", 10.5),
    _serif(400, "italic", 10.5),
    _serif(600, "normal", 14),
    _serif(600, "italic", 10.5),
    _sans(400, "normal"),
    _sans(400, "italic"),
    _sans(600, "normal"),
    Face(
        *(MONO, 400, "normal", "fontpkg_jetbrains_mono"),
        "JetBrainsMono[wght].ttf",
        (("wght", 400.0),),
    ),
)


def cut_face(face: Face, text: str) -> bytes:
    """Cut one face down to the characters of a text; a static TrueType font."""
    wanted = uharfbuzz.SubsetInput()
    characters = {ord(character) for character in _ALWAYS + text}
    if face.family == SERIF:
        characters -= set(map(ord, _SYMBOLS))
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).set(characters)
    features = {int.from_bytes(tag.encode(), "big") for tag in _FEATURES}
    wanted.sets(uharfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG).set(features)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING
    source = _source(face.package, face.file)
    for tag, value in face.axes:
        wanted.pin_axis_location(source, tag, value)
    return bytes(wanted.subset(source).blob.data)


def compressed_face(face: Face, text: str, folder: Path) -> bytes:
    """The same as WOFF2, from the cache in `folder` if it was made before."""
    plain = cut_face(face, text)
    path = folder / f"{hashlib.sha256(plain).hexdigest()[:32]}.woff2"
    if path.is_file():
        return path.read_bytes()
    font = TTFont(io.BytesIO(plain), recalcTimestamp=False)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(buffer.getvalue())
    draft.replace(path)
    return buffer.getvalue()


def uncovered(text: Iterable[str]) -> str:
    """The characters that no face has, sorted; an empty text is what is wanted."""
    covered: set[int] = set()
    for face in FACES:
        covered |= _characters(face.package, face.file)
    ignored = set("\n\t\r\u200b\ufe0e")
    return "".join(sorted({c for c in text if ord(c) not in covered} - ignored))


@cache
def _source(package: str, file: str) -> uharfbuzz.Face:
    path = files(package) / "files" / file
    return uharfbuzz.Face(uharfbuzz.Blob(path.read_bytes()))


@cache
def _characters(package: str, file: str) -> frozenset[int]:
    return frozenset(_source(package, file).unicodes)
