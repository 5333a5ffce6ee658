"""What Legistar's feeds and pages have in common: numbers in links, names of matters, councils."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from monitor.identifiers import council_file
from monitor.models import Identifier
from monitor.urls import host

_SITE = re.compile(r"([\w-]+)\.legistar1?\.com$", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a link leads to: `mode` (MD meeting, LD legislation, HD action), ID and GUID."""

    mode: str
    id: str
    guid: str


_PAGES = {
    "meetingdetail.aspx": "MD",
    "legislationdetail.aspx": "LD",
    "historydetail.aspx": "HD",
    "departmentdetail.aspx": "DD",
}


def numbered(link: str) -> Numbered | None:
    """Read a link's ID and GUID, None where it has none.

    The ID is the site's own; the Web API counts otherwise.
    """
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    told = {name.upper(): value for name, value in parse_qsl(parts.query)}
    if not _NUMBER.fullmatch(told.get("ID", "")):
        return None
    page = parts.path.rpartition("/")[2].lower()
    guid = told.get("GUID", "")
    return Numbered(
        _PAGES.get(page) or told.get("M", "").upper(),
        told["ID"],
        guid.upper() if _GUID.fullmatch(guid) else "",
    )


def council_of(address: str) -> str:
    """Return who publishes under an address: the client's id, or an own domain's whole host."""
    found = _SITE.match(host(address))
    return found.group(1).lower() if found else host(address)


def names_of(scope: str, number: str, file: str) -> tuple[Identifier, ...]:
    """Name a matter by the site's number and by its file number, as the Web API's kind does.

    scope: "legistar/" and the council.
    """
    own = (Identifier("legistar_web", scope, number),) if number else ()
    found = council_file(scope, file) if file else None
    return (*own, found) if found else own
