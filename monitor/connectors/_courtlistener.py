"""What the kinds that read CourtListener share: its names of courts and cases, its API's quota.

Quotas of the API since May 2026: 5 requests a minute, 50 an hour, 125 a day for each account.
Documentation: https://wiki.free.law/c/courtlistener/help/api/rest/v4/overview
"""

from __future__ import annotations

import re
from functools import cache

from monitor.connectors._docket_labels import asks_for_relief, is_clerical, readable, sort_of
from monitor.connectors._quota import left, with_spent
from monitor.identifiers import docket, docket_number
from monitor.jurisdictions import court, courts, suggestion
from monitor.models import Attachment, Credential, Entry, Identifier, ItemType, Mark, Poll, Request
from monitor.text import clean_text, fold, one_line
from monitor.urls import absolute, host

SITE = "https://www.courtlistener.com"
API = f"{SITE}/api/rest/v4"
STORAGE = "https://storage.courtlistener.com/"
TOKEN = Credential(
    "COURTLISTENER_TOKEN",
    "header",
    "Authorization",
    "Token {}",
    hosts=("www.courtlistener.com",),
)
PACE = 12.5
HOURLY = 45
_ACCOUNT = "api"
_DIRECTIONS = {
    "N": "northern ", "S": "southern ", "E": "eastern ", "W": "western ", "M": "middle ",
    "C": "central ",
}  # fmt: skip
_DISTRICT = re.compile(
    r"(bankruptcy|district) court, (?:(\w)\. ?)?(?:d\.|district of) (.+)", re.IGNORECASE
)
_LABEL = 140
_CAPTION = 80


def checked_court(name: str) -> str:
    """Return the court's id; raises ValueError with a guess for what is no federal court."""
    found = court(name)
    if found is None:
        raise ValueError(
            f"{name!r} is no federal court{suggestion(name) and ': ' + suggestion(name)}"
        )
    return found.id


def api_request(url: str, step: str, about: tuple[str, ...] = (), *, optional: bool) -> Request:
    """Ask the API, at the pace that the quota of 5 a minute allows."""
    return Request(
        url,
        step=step,
        about=about,
        credentials=(TOKEN,),
        conditional=False,
        optional=optional,
        pace=PACE,
    )


def room(poll: Poll, daily: int) -> int:
    """Say how many requests to the API this source may send now."""
    return left(poll.mark(_ACCOUNT), poll.now, hourly=min(daily, HOURLY), daily=daily)


def spent(poll: Poll, number: int) -> Mark:
    """Note that this poll sends `number` requests to the API; the last note of a poll counts."""
    return Mark(_ACCOUNT, with_spent(poll.mark(_ACCOUNT), poll.now, number))


def case_names(docket_id: str, court_id: str, number: str) -> tuple[Identifier, ...]:
    """Name a case: by its court and number, and by CourtListener's id, which captions outlives."""
    found = docket(court_id, number) if court_id and number else None
    own = Identifier("courtlistener_docket", "courtlistener", docket_id) if docket_id else None
    return tuple([name for name in (found, own) if name])


def entry_key(docket_id: str, entry_number: str, entry_id: str) -> str:
    """Name a docket entry as the feed's links do, so that feed and API bring one item."""
    anchor = f"entry-{entry_number}" if entry_number else f"minute-entry-{entry_id}"
    return f"{docket_id}:{anchor}"


def docket_entry(
    key: str, case: Entry, description: str, link: str, files: tuple[str, ...]
) -> Entry:
    """Make an entry of a docket entry; `case` is its caption's entry, description is plain text.

    files: addresses of its main document; only CourtListener's own copy is free, PACER's is paid.
    """
    label = one_line(description, _LABEL)
    # The feed cuts captions off at 100 characters, the API does not: both make one title here.
    caption = one_line(case.title, _CAPTION)
    sort = sort_of(description)
    said = f"{label} (a motion)" if asks_for_relief(label) else label
    free = [url for url in files if host(url) == host(STORAGE)]
    paid = [url for url in files if url and url not in free]
    number = key.rpartition(":entry-")[2] if ":entry-" in key else ""
    return Entry(
        type=ItemType.DOCKET_ENTRY,
        key=key,
        title=f"{caption} — {said}" if said else caption,
        body=description if description != label else "",
        url=link,
        jurisdiction=case.jurisdiction,
        office=case.office,
        identifiers=case.identifiers,
        attachments=tuple(
            Attachment(f"Document {number}".strip(), url, "application/pdf") for url in free
        ),
        facts=(("document_number", number),) if number else (),
        noise=tuple(("pacer_document", url) for url in paid),
        labels=(sort,) if sort else (),
        muted=f"clerical: {one_line(description, 60)}" if is_clerical(label[:60]) else "",
        watched=case.watched,
    )


def case_entry(docket_id: str, court_id: str, number: str, caption: str, watched: str) -> Entry:
    """Make an entry of a case: its caption. Officers are substituted in it; the id stays."""
    where = court(court_id)
    plain = docket_number(number) or number
    return Entry(
        type=ItemType.DOCKET_CAPTION,
        key=f"case:{docket_id}",
        title=readable(clean_text(caption)) or plain or f"Docket {docket_id}",
        url=f"{SITE}/docket/{docket_id}/",
        jurisdiction=where.id if where else "",
        office=where.name if where else "",
        identifiers=case_names(docket_id, where.id if where else court_id, number),
        facts=(("docket_number", plain),) if plain else (),
        watched=watched,
    )


def site_link(link: str) -> str:
    """Resolve a link of the API ("/docket/1/x/") or of a feed."""
    return absolute(SITE, link)


@cache
def court_named(name: str) -> str:
    """Find a court's id by CourtListener's name of it: "District Court, N.D. California"; or ""."""
    said = fold(name)
    found = _DISTRICT.fullmatch(said)
    if found:
        direction = _DIRECTIONS.get((found[2] or "").upper(), "")
        said = f"{found[1]} court for the {direction}district of {found[3]}"
    said = said.removeprefix("united states ")
    for one in courts().values():
        if fold(one.name).removeprefix("united states ") == said:
            return one.id
    return ""
