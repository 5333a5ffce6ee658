"""Makes publishers' text clean, comparable and safe to show; pure functions on strings."""

from __future__ import annotations

import html as entities
import re
import unicodedata
from hashlib import sha256

from lxml import etree

# What a person cannot see: controls, soft hyphens, zero-width marks, bidi overrides, halves of
# surrogate pairs. They hide words from a filter ("I\u200bCE") and turn text around on the screen.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f\x81\x8d\x8f\x90\x9d\xad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\ud800-\udfff"
)
_HIDDEN = re.compile(f"[{_INVISIBLE}]+")
# Windows-1252 read as Latin-1 leaves these; they are quotes and dashes, never controls.
_WINDOWS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_MISREAD = re.compile("[\x80-\x9f]")
_CONTROLS = dict.fromkeys((*range(9), *range(14, 28), 127))
# A title that was escaped twice still shows entities after one decoding. Only whole entities with
# their semicolon are decoded then, and never < or >: that would make markup out of text.
_LEFT_OVER = re.compile(
    r"&(?!lt;|gt;|#60;|#62;|#x3[ce];)(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE
)

_BLOCKS = (
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "menu", "nav", "ol",
    "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title", "tr",
    "ul",
)  # fmt: skip
_CELLS = ("td", "th")
_UNREAD = (
    "script", "style", "noscript", "template", "svg", "iframe", "object", "head",
)  # fmt: skip
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_ANY_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
# libxml2 gives up, and keeps nothing, where elements are nested 2,048 deep.
_DEEP = 2_000
# Plain ASCII without these is clean already; by `html`.
_WORKED = {False: ("&", "  "), True: ("&", "  ", "<")}


def clean_text(raw: str, html: bool = False) -> str:
    """Return text as a person reads it: one space between words, one line a block.

    Entities are decoded once, and once more where they were escaped twice. Scripts and styles are
    dropped. Without `html`, tags are text and stay.
    """
    if not raw:
        return ""
    if raw.isascii() and raw.isprintable() and not any(mark in raw for mark in _WORKED[html]):
        return raw.strip()
    text = raw
    if html and _MARKUP.search(raw):
        text = _text_of_markup(raw)
    elif html and "&" in raw:
        text = entities.unescape(raw)
    if "&" in text:
        text = _LEFT_OVER.sub(lambda found: entities.unescape(found.group()), text)
    return _tidy(text)


def _tidy(text: str) -> str:
    """Drop what cannot be seen, compose letters (NFC), collapse white space."""
    text = _visible(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "\n" not in text and "\r" not in text:
        return " ".join(text.split())
    return "\n".join(filter(None, [" ".join(line.split()) for line in text.splitlines()]))


def _visible(text: str) -> str:
    """Drop what cannot be seen; text in ASCII takes the quick way."""
    if text.isascii():
        return text.translate(_CONTROLS)
    return _HIDDEN.sub("", mend_windows(text))


_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def mend_windows(text: str) -> str:
    """Return text with Windows-1252's quotes and dashes, where Latin-1 made controls of them."""
    return text.translate(_WINDOWS) if _MISREAD.search(text) else text


def _text_of_markup(raw: str) -> str:
    """Read HTML into text: a line for each block, a space after each cell."""
    source = _visible(raw)
    if "<pre" not in source:
        source = source.replace("\r", " ").replace("\n", " ")
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or (source.count("<") > _DEEP and parser.error_log.filter_from_fatals()):
        return entities.unescape(_ANY_TAG.sub("\n", source))
    lower = source.lower()
    if any(f"<{tag}" in lower for tag in _UNREAD):
        etree.strip_elements(root, *_UNREAD, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text = f"\n{_speakable(block.text)}"
        block.tail = f"\n{_speakable(block.tail)}"
    for cell in root.iter(*_CELLS) if "<t" in lower else ():
        cell.tail = f" {_speakable(cell.tail)}"
    return str(etree.tostring(root, method="text", encoding="unicode", with_tail=False))


def _speakable(text: str | None) -> str:
    """Drop what XML cannot hold: the parser makes such characters of their numbers (&#1;)."""
    return _UNSPEAKABLE.sub("", text) if text else ""


_LOOSE = " ,;:-\u2013\u2014"


def one_line(text: str, limit: int | None = None) -> str:
    """Return text on one line; past `limit` characters it ends at a word with an ellipsis."""
    line = " ".join(text.split())
    if limit is None or len(line) <= limit:
        return line
    cut = line[: max(limit - 1, 0)]
    space = cut.rfind(" ")
    if not line[len(cut)].isspace() and space > limit // 2:
        cut = cut[:space]
    return f"{cut.rstrip(_LOOSE)}…"


# Written as escapes: on the screen these cannot be told apart.
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9`\u00b4\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        "\u2044": "/",
    }
)


def fold(text: str) -> str:
    """Return text for comparing: NFKC, case folded, one kind of quote and dash, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_FOLDED)).translate(_FOLDED)
        text = _HIDDEN.sub("", text)
    else:
        text = text.replace("`", "'")
    return " ".join(text.casefold().split())


# USCIS writes A-numbers with 7 to 9 digits: A012345678, A# 012-345-678, A 12 345 678.
_ALIEN_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:A[-\s]?(?:#|No\.?|Number:?)?[-:\s]*|Alien (?:Registration )?(?:Number|No\.?)[:#\s]*)"
    r"(?:\d{3}[-\s]\d{3}[-\s]\d{3}|\d{2}[-\s]\d{3}[-\s]\d{3}|\d{8,9})(?![0-9])"
)
_PHONE = re.compile(
    r"(?<![\d.\-])(?:\+?1[-.\s])?(?:\([2-9]\d{2}\)\s?|[2-9]\d{2}[-.\s])"
    r"[2-9]\d{2}[-.\s]\d{4}(?![\d\-])"
)
_STREET = (
    r"\d{1,6}(?:-\d{1,4})?(?:\s(?:[NSEW]|North|South|East|West)\.?)?(?:\s[A-Z0-9][\w'.]*){1,4}\s"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Terrace|Way|"
    r"Circle|Parkway|Pkwy|Highway|Hwy)\b\.?"
)
_UNIT = r",?\s(?:Apt|Apartment|Unit|#)\.?\s?#?[\w-]{1,6}"
# A council's own titles are full of addresses (zoning, permits, meeting places). Only what is said
# to be somebody's home, or has a flat number, is masked.
_HOME_SAID = re.compile(
    rf"((?:resid(?:es|ed|ing)|liv(?:es|ed|ing)|home(?: address)?|residence|domiciled)"
    rf"(?:\s(?:is|was))?[\s:]+(?:(?:at|of|on)\s)?){_STREET}(?:{_UNIT})?",
    re.IGNORECASE,
)
_HOME_UNIT = re.compile(rf"{_STREET}{_UNIT}")


def mask_private(text: str) -> str:
    """Mask what could expose a person: A-numbers, telephone numbers, home addresses.

    An address is masked only where the text calls it a home or gives an apartment.
    """
    if not any(map(str.isdigit, text)):
        return text
    text = _ALIEN_NUMBER.sub("[A-number]", text)
    text = _PHONE.sub("[phone]", text)
    text = _HOME_SAID.sub(r"\1[address]", text)
    return _HOME_UNIT.sub("[address]", text)


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits of SHA-256 over the parts; their borders count."""
    counted = "".join([f"{len(part)}:{part}" for part in parts])
    return sha256(counted.encode("utf-8", "surrogatepass")).hexdigest()[:32]
