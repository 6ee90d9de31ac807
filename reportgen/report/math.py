"""Formulas: TeX in, one SVG out, the same for page and paper.

MathJax runs inside quickjax; this file is the only one that knows.
"""

import hashlib
import re
from functools import cache

import quickjax

from reportgen.errors import SettingError

EX_IN_EM = 0.442  # MathJax measures in ex of its own font; pages measure in em


@cache
def set_formula(tex: str, *, display: bool = False) -> str:
    """Set TeX as an SVG that takes the text's colour, with ids of its own.

    Raises:
        SettingError: MathJax cannot set it; says what is wrong with it.
    """
    try:
        svg: str = quickjax.render(tex, display=display)
    except quickjax.MathJaxRenderError as error:
        raise SettingError("", str(error), "correct the TeX") from error
    # MathJax draws its complaints instead of raising them.
    complaint = re.search(r'data-mjx-error="([^"]*)"', svg)
    if complaint:
        raise SettingError("", f"TeX: {complaint[1]}: {tex}", "correct the TeX")
    unknown = re.findall(r'fill="red"[^>]*data-latex="(\\[^"]*)"', svg)
    if unknown:
        names = ", ".join(sorted(set(unknown)))
        raise SettingError("", f"TeX: unknown command {names} in {tex}", "correct it")
    return _tidy(svg, tex)


def _tidy(svg: str, tex: str) -> str:
    """Strip what depends on the order of calls, and what makes strokes look bold."""
    own = hashlib.sha256(tex.encode()).hexdigest()[:8]
    svg = re.sub(r"MJX-\d+-", f"m{own}-", svg)
    svg = re.sub(r'\s(data-[a-z-]+|role|focusable)="[^"]*"', "", svg)
    svg = svg.replace(' stroke="currentColor"', "").replace(' stroke-width="0"', "")
    return re.sub(r"(-?[\d.]+)ex\b", lambda ex: f"{float(ex[1]) * EX_IN_EM:.3f}em", svg)


def in_black(svg: str) -> str:
    """The same formula for paper, where no text colour reaches an image."""
    return svg.replace("currentColor", "#000")
