"""The figures' typeface: the report's own sans, as static files matplotlib can load.

Figures share their letters with tables and captions. What the family lacks comes from
DejaVu Sans, which matplotlib brings along.
"""

import hashlib
import io
import os
from functools import cache
from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager

from reportgen.report.fonts import FACES, SANS, Face, cut_face

FAMILY = [SANS, "DejaVu Sans"]
# Upright only: nothing in a figure is slanted.
UPRIGHT = tuple(
    face for face in FACES if face.family == SANS and face.style == "normal"
)
_FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 1, 2, 3, 4, 6  # ids in the name table


@cache
def load_typeface() -> None:
    """Make the family known to matplotlib; once per process."""
    folder = Path(matplotlib.get_cachedir())
    for face in UPRIGHT:
        fontManager.addfont(_written(named_face(face), folder))


def named_face(face: Face) -> bytes:
    """Cut a face and name it apart from its sisters, in every entry.

    Styles cut from one variable font share its names, and matplotlib tells glyphs of
    two fonts apart by name.
    """
    font = TTFont(io.BytesIO(cut_face(face, "")), recalcTimestamp=False)
    style = "Regular" if face.weight == 400 else "Bold"
    words = {
        _FAMILY: face.family,
        _STYLE: style,
        _UNIQUE: face.name,
        _FULL: f"{face.family} {style}",
        _POSTSCRIPT: f"{face.family.replace(' ', '')}-{style}",
    }
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in words]
    for name_id, text in words.items():
        names.setName(text, name_id, 3, 1, 0x409)
        names.setName(text, name_id, 1, 0, 0)
    # The semibold stands in for bold, so that the fallback family has it as well.
    font["OS/2"].usWeightClass = 400 if style == "Regular" else 700
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _written(data: bytes, folder: Path) -> str:
    """Write a font under a name made from its bytes, unless it is there."""
    path = folder / f"reportgen-{hashlib.sha256(data).hexdigest()[:24]}.ttf"
    if not path.is_file():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_bytes(data)
        draft.replace(path)
    return str(path)
