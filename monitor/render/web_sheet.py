"""What all web pages share: the templates, the styles with their hash, times in words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.dates import iso
from monitor.wording import spoken

# Where the readers are, unless it is said.
ZONE = "America/New_York"
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a page shows it: for machines, in full, and how long ago; "" where not known."""

    iso: str = ""
    said: str = ""
    ago: str = ""


def moment(when: datetime | None, now: datetime, timezone: str = ZONE) -> Moment:
    """Lay a time out for a page; `timezone` is that of its readers."""
    if when is None:
        return Moment()
    return Moment(iso(when), spoken(when, timezone, now=now), ago(when, now))


def ago(then: datetime, now: datetime) -> str:
    """Say how long ago something was: "12 minutes ago", "3 days ago", "just now"."""
    passed = now - then
    for size, unit, least in ((_DAY, "day", 2), (_HOUR, "hour", 1), (_MINUTE, "minute", 1)):
        number = passed // size
        if number >= least:
            return f"{number} {unit}{'s' if number != 1 else ''} ago"
    return "just now"


def page(template: str, **values: object) -> str:
    """Render a page; all text in `values` is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def style() -> str:
    """Return the styles of all pages, as they stand in each."""
    return files("monitor.render").joinpath("templates/web.css").read_text("utf-8").strip()


@cache
def style_hash() -> str:
    """Name the styles for a Content-Security-Policy: "sha256-…" (CSP Level 3, section 2.3.1)."""
    return f"sha256-{b64encode(sha256(style().encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(style())  # noqa: S704 - our own file, nobody's words
    environment.filters["pieces"] = pieces
    return environment


def pieces(text: str, hits: Iterable[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Cut a text into stretches, each with whether it is what was found."""
    found: list[tuple[str, bool]] = []
    last = 0
    for start, end in hits:
        found += [(text[last:start], False), (text[start:end], True)]
        last = end
    return tuple((words, is_hit) for words, is_hit in (*found, (text[last:], False)) if words)
