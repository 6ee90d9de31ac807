"""How a figure becomes SVG: a matplotlib Figure in, one self-contained element out.

The same figure gives the same bytes in any process: no date, fixed ids, text as paths.
Several of these elements can stand in one page, so every id begins with the figure's
name and no style rule reaches outside.
"""

import io
import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
LONG = 1500  # characters of a path with many points
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def svg_text(figure: Figure, name: str) -> str:
    """Give the figure as one SVG element without prolog, with ids `name-1` and on.

    Coordinates are rounded to a hundredth of a point; what paints nothing is left out.
    """
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=nothing)
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 -- our own output
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    _prune(root)
    _rename_ids(root, name)
    _shorten(root)
    _flatten(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.tail = "\n" if element is not root else None
        element.text = None
    root.attrib = {"xmlns": SVG[1:-1], **root.attrib}
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _prune(element: Element) -> None:
    """Drop style rules, which would reach a whole page, and invisible shapes."""
    for child in list(element):
        style = child.get("style", "")
        invisible = style in {"fill: none", "fill: none; stroke: none"}
        if child.tag == f"{SVG}style" or (child.tag == f"{SVG}path" and invisible):
            element.remove(child)
        else:
            _prune(child)


def _rename_ids(root: Element, name: str) -> None:
    """Number the ids that something refers to and drop the others."""
    used: dict[str, str] = {}
    for element in root.iter():
        places = _REFERENCE.findall(" ".join(element.attrib.values()))
        href = element.attrib.pop(f"{XLINK}href", None)
        if href is not None:
            places.append(href[1:])
            element.set("href", href)
        for place in places:
            used.setdefault(place, f"{name}-{len(used) + 1}")
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(
                key, _REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value)
            )
        if "href" in element.attrib:
            element.set("href", "#" + used[element.attrib["href"][1:]])
        own = element.attrib.pop("id", None)
        if own in used:
            element.set("id", used[own])


def _shorten(root: Element) -> None:
    """Round coordinates; say a style once for marks that share it."""
    for element in root.iter():
        for key in ("d", "x", "y", "transform"):
            if key in element.attrib:
                element.set(key, _round_numbers(element.attrib[key]))
        styles = {child.get("style", "") for child in element}
        marks = all(child.tag == f"{SVG}use" for child in element)
        if marks and len(styles) == 1 and "style" not in element.attrib:
            element.set("style", styles.pop())
            for child in element:
                child.attrib.pop("style", None)


def _round_numbers(text: str) -> str:
    flat = " ".join(text.split())
    # A scale multiplies; a curve through many points hides a twentieth of a point.
    places = 6 if "scale" in flat else 1 if len(flat) > LONG else 2
    return re.sub(
        r"-?\d+\.\d+", lambda found: _short(float(found.group()), places), flat
    )


def _short(number: float, places: int) -> str:
    text = f"{number:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _flatten(element: Element) -> None:
    """Replace groups and definitions that carry nothing by what they hold."""
    children: list[Element] = []
    for child in list(element):
        _flatten(child)
        bare = child.tag == f"{SVG}g" and not child.attrib
        empty = child.tag in {f"{SVG}g", f"{SVG}defs"} and not len(child)
        children += [] if empty else list(child) if bare else [child]
    element[:] = children
