"""Checks a web page as a validator and an accessibility checker would; lists what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

from tests.render.mail_checks import parsed

# What runs, or loads something; the policy that goes with the pages forbids it, too.
_FORBIDDEN = frozenset(
    {"script", "link", "iframe", "object", "embed", "svg", "video", "audio", "base", "img", "font"}
)
_KNOWN = {
    "": {"class", "id", "lang", "role", "aria-label"},
    "html": {"lang"},
    "a": {"href", "rel"},
    "meta": {"charset", "name", "content"},
    "form": {"method", "action"},
    "input": {"type", "name", "placeholder", "maxlength", "value"},
    "button": {"type"},
    "time": {"datetime"},
    "th": {"scope"},
    "td": {"data-label"},
    "ol": {"reversed"},
}
_PARENTS = {"li": {"ul", "ol"}, "tr": {"tbody", "thead"}, "td": {"tr"}, "th": {"tr"}}
_VAGUE = frozenset({"here", "click here", "more", "read more", "link", "aquí", "más"})
_OUTSIDE = {"noopener", "noreferrer"}


def faults(html: str) -> list[str]:
    """List what is wrong with a page; [] for nothing."""
    root, errors = parsed(html)
    found = [*errors, *_invalid(root), *_headings(root), *_links(root), *_forms(root)]
    found += _tables(root)
    if not html.startswith("<!DOCTYPE html>"):
        found.append("no doctype")
    if root.get("lang") not in {"en", "es"}:
        found.append("the page does not say its language")
    if not (root.findtext("head/title") or "").strip():
        found.append("the page has no title")
    if len(root.findall("body/main")) != 1:
        found.append("not one main part")
    return found


def words(html: str) -> str:
    """Say what a reader sees, on one line."""
    root, _ = parsed(html)
    body = root.find("body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def links(html: str) -> list[str]:
    """List the addresses that a page links to."""
    return [one.get("href", "") for one in parsed(html)[0].iter("a")]


def _invalid(root: ET.Element) -> Iterator[str]:
    parents = {child: parent for parent in root.iter() for child in parent}
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    if len(ids) != len(set(ids)):
        yield "an id stands twice"
    for one in root.iter():
        tag = str(one.tag)
        if tag in _FORBIDDEN:
            yield f"<{tag}>"
        if tag in _PARENTS and parents[one].tag not in _PARENTS[tag]:
            yield f"<{tag}> in <{parents[one].tag}>"
        for name in one.attrib:
            if name not in _KNOWN[""] | _KNOWN.get(tag, set()):
                yield f"<{tag} {name}>"
        if tag == "style" and re.search(r"url\(|@import|@font-face|expression\(", one.text or ""):
            yield "the styles load something"


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


def _links(root: ET.Element) -> Iterator[str]:
    for link in root.iter("a"):
        said, href = "".join(link.itertext()).strip(), link.get("href", "")
        if not said or said.lower() in _VAGUE:
            yield f"a link called '{said}'"
        if href.startswith(("http://", "https://")):
            if not set(link.get("rel", "").split()) >= _OUTSIDE:
                yield f"a link outside without noopener noreferrer: {href}"
        elif not re.match(r"/(?!/)|#", href):
            yield f"a link to {href!r}"


def _forms(root: ET.Element) -> Iterator[str]:
    for field in root.iter("input"):
        if not field.get("aria-label"):
            yield "a field without a label"
    for button in root.iter("button"):
        if not "".join(button.itertext()).strip():
            yield "a button without words"
    for form in root.iter("form"):
        if form.get("action", "/") != "/search" and form.get("method") != "post":
            yield f"a form to {form.get('action')!r}"


def _tables(root: ET.Element) -> Iterator[str]:
    for table in root.iter("table"):
        if not (table.findtext("caption") or "").strip():
            yield "a table without a caption"
        heads = table.findall("thead/tr/th[@scope='col']")
        for row in table.findall("tbody/tr"):
            if row.find("th[@scope='row']") is None or len(list(row)) != len(heads):
                yield "a row without its heading, or of another length"
