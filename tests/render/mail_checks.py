"""Checks a mail's HTML as a validator and an accessibility checker would; lists what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

from tinyhtml5.parser import HTMLParser

_PARENTS = {"li": {"ul", "ol"}, "tr": {"tbody", "thead", "table"}, "td": {"tr"}, "th": {"tr"}}
# What mail programs drop, what loads something, and what HTML 5.3 does not know.
_FORBIDDEN = frozenset(
    {"script", "link", "iframe", "object", "embed", "form", "svg", "video", "base", "font"}
)
_KNOWN = {
    "": {"class", "dir", "style", "lang", "role"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "meta": {"charset", "name", "content"},
    "table": {"width", "role"},
    "td": {"align"},
    "th": {"scope"},
}
_VAGUE = frozenset({"here", "click here", "more", "read more", "link", "aquí", "más"})


def parsed(html: str) -> tuple[ET.Element, list[str]]:
    """Parse as browsers do (WHATWG), and list every error that they would mend."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html)
    return root, [f"{code} {values} at {place}" for place, code, values in parser.errors]


def faults(html: str) -> list[str]:
    """List what is wrong with a page; [] for nothing."""
    root, errors = parsed(html)
    found = [*errors, *_invalid(root), *_headings(root), *_unreadable(root), *_loaded(root)]
    if not html.startswith("<!DOCTYPE html>"):
        found.append("no doctype")
    if root.get("lang") not in {"en", "es"}:
        found.append("the page does not say its language")
    if not (root.findtext("head/title") or "").strip():
        found.append("the page has no title")
    return found


def _invalid(root: ET.Element) -> Iterator[str]:
    parents = {child: parent for parent in root.iter() for child in parent}
    for one in root.iter():
        tag = str(one.tag)
        if tag in _FORBIDDEN:
            yield f"<{tag}>"
        if tag in _PARENTS and parents[one].tag not in _PARENTS[tag]:
            yield f"<{tag}> in <{parents[one].tag}>"
        for name in one.attrib:
            own = _KNOWN[""] | _KNOWN.get(tag, set())
            if name not in own and tag != "html":
                yield f"<{tag} {name}>"


def _headings(root: ET.Element) -> Iterator[str]:
    headings = [one for one in root.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    levels = [int(str(one.tag)[1]) for one in headings]
    if not all("".join(one.itertext()).strip() for one in headings):
        yield "an empty heading"
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings {levels}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} after one of {before}"


def _unreadable(root: ET.Element) -> Iterator[str]:
    """Find what a screen reader cannot say: nameless links and images, tables without a role."""
    for link in root.iter("a"):
        words = "".join(link.itertext()).strip()
        if not words or words.lower() in _VAGUE:
            yield f"a link called '{words}'"
        if not re.match(r"(https?://|mailto:)[^\s]+$", link.get("href", "")):
            yield f"a link to {link.get('href')!r}"
    for image in root.iter("img"):
        if len(image.get("alt", "")) < 20 or not image.get("width") or not image.get("height"):
            yield "an image without words or size"
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if table.get("role") != "presentation"]
        if any(row.find("th[@scope='row']") is None for row in rows):
            yield "a table of data without headings of its rows"


def _loaded(root: ET.Element) -> Iterator[str]:
    """Find what would be loaded when the mail is opened: that tells that it is read."""
    for one in root.iter():
        for name in ("src", "srcset", "background", "poster", "data"):
            if not one.get(name, "cid:").startswith("cid:"):
                yield f"loads {one.get(name)}"
        styles = (one.text or "") if one.tag == "style" else one.get("style", "")
        if re.search(r"url\(|@import|@font-face|expression\(", styles):
            yield "the styles load something"


# ------------------------------------------------------------------------------------ contrast


def luminance(colour: str) -> float:
    """Measure a colour "#rrggbb" (WCAG 2.1, relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Measure the contrast of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rules(css: str) -> Mapping[str, Mapping[str, str]]:
    """Read simple styles: selector to its properties; one selector of a list at a time."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        for selector in selectors.split(","):
            pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
            found.setdefault(" ".join(selector.split()), {}).update(
                {name.strip(): value.replace("!important", "").strip() for name, value in pairs}
            )
    return found
