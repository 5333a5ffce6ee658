"""Writes recording.warc.gz anew: made-up answers in the publishers' true form.

    python demo/make_recording.py

Every name, number and sentence in it is invented.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from monitor.config import load
from monitor.fetch import append
from monitor.models import Outcome, Poll, Request, Response, Validators
from monitor.pipeline import collect
from monitor.visit import Task

HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

NEWS = (
    (
        "sheriff-287g",
        "Sheriff of Example County signs 287(g) agreement with ICE",
        (
            "The sheriff signed a memorandum of agreement with Immigration and Customs "
            "Enforcement on Thursday. Deputies will serve administrative warrants in the county "
            "jail under the Warrant Service Officer model. The county board was not asked."
        ),
        "Fri, 20 Nov 2026 14:05:00 -0500",
    ),
    (
        "ice-rink",
        "Ice rink opens on the town green",
        "Skating is free on Saturdays. Snow and ice are cleared daily.",
        "Sat, 21 Nov 2026 09:00:00 -0500",
    ),
    (
        "sanctuary-vote",
        "Council to vote on sanctuary city ordinance",
        (
            "The ordinance would bar city employees from honoring civil immigration detainers "
            "without a warrant signed by a judge. The hearing is open to the public."
        ),
        "Sun, 22 Nov 2026 18:30:00 -0500",
    ),
    (
        "marine",
        "Marine sanctuary wins grant for sea birds",
        "The wildlife sanctuary at the point will hire two wardens.",
        "Sun, 22 Nov 2026 19:00:00 -0500",
    ),
)


def feed() -> bytes:
    """Write the newspaper's feed (RSS 2.0)."""
    items = "".join(
        f"<item><title>{title}</title><link>https://herald.example.org/2026/{slug}</link>"
        f'<guid isPermaLink="false">herald-{slug}</guid><pubDate>{date}</pubDate>'
        f"<description>{text}</description></item>"
        for slug, title, text, date in NEWS
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        "<title>The Sampleville Herald (made up)</title>"
        "<link>https://herald.example.org/</link><description>Made up</description>"
        f"{items}</channel></rss>"
    ).encode()


def matter(
    number: int, file: str, kind: str, status: str, body: str, title: str
) -> dict[str, object]:
    """Write one row of /matters as the Legistar Web API does."""
    return {
        "MatterId": number,
        "MatterGuid": f"00000000-0000-0000-0000-{number:012d}",
        "MatterLastModifiedUtc": "2026-11-20T16:20:31.117",
        "MatterFile": file,
        "MatterName": None,
        "MatterTitle": title,
        "MatterTypeName": kind,
        "MatterStatusName": status,
        "MatterBodyName": body,
        "MatterIntroDate": "2026-11-18T00:00:00",
        "MatterAgendaDate": "2026-12-03T00:00:00",
        "MatterPassedDate": None,
        "MatterEnactmentDate": None,
        "MatterEnactmentNumber": None,
        "MatterVersion": "1",
        "MatterRestrictViewViaWeb": False,
    }


MATTERS = (
    matter(
        101,
        "Ord 2026-101",
        "Ordinance",
        "In Committee",
        "Committee on Public Safety",
        "An ordinance prohibiting the use of city-owned property as a staging area, processing "
        "location or base of operations for civil immigration enforcement",
    ),
    matter(
        102,
        "Res 2026-102",
        "Resolution",
        "Introduced",
        "City Council",
        "Resolution in support of the New York for All Act",
    ),
    matter(
        103,
        "Ord 2026-103",
        "Ordinance",
        "In Committee",
        "Committee on Public Works",
        "An ordinance on the removal of snow and ice from sidewalks",
    ),
)
EVENT = {
    "EventId": 501,
    "EventGuid": "00000000-0000-0000-0000-000000000501",
    "EventLastModifiedUtc": "2026-11-20T15:00:00.000",
    "EventBodyId": 7,
    "EventBodyName": "Committee on Public Safety",
    "EventDate": "2026-12-03T00:00:00",
    "EventTime": "6:30 PM",
    "EventLocation": "Council Chamber, 1 Main Street",
    "EventAgendaStatusName": "Final",
    "EventMinutesStatusName": "Draft",
    "EventAgendaFile": "https://sampleville.legistar.com/View.ashx?M=A&ID=501",
    "EventMinutesFile": None,
    "EventAgendaLastPublishedUTC": "2026-11-20T15:00:00.000",
    "EventComment": None,
    "EventInSiteURL": "https://sampleville.legistar.com/MeetingDetail.aspx?LEGID=501",
    "EventVideoPath": None,
}
AGENDA = (
    {
        "EventItemId": 9001,
        "EventItemGuid": "00000000-0000-0000-0000-000000009001",
        "EventItemEventId": 501,
        "EventItemAgendaSequence": 1,
        "EventItemAgendaNumber": "1.",
        "EventItemTitle": "Public hearing: contract with Example County to hold persons for "
        "Immigration and Customs Enforcement (Intergovernmental Service Agreement)",
        "EventItemAgendaNote": None,
        "EventItemMatterId": None,
        "EventItemMatterFile": None,
        "EventItemMatterAttachments": [],
    },
    {
        "EventItemId": 9002,
        "EventItemGuid": "00000000-0000-0000-0000-000000009002",
        "EventItemEventId": 501,
        "EventItemAgendaSequence": 2,
        "EventItemAgendaNumber": "2.",
        "EventItemTitle": "Approval of the minutes",
        "EventItemAgendaNote": None,
        "EventItemMatterId": None,
        "EventItemMatterFile": None,
        "EventItemMatterAttachments": [],
    },
)
DOCKET = (
    (
        "3:26-cv-99901",
        "City of Sampleville v. Example et al",
        "Order on Motion for Preliminary Injunction",
        41,
        900001,
    ),
    ("3:26-cv-99902", "Doe v. Acme Widgets, Inc.", "Notice of Appearance", 12, 900002),
    (
        "3:26-cv-99903",
        "County of Example v. Department of Homeland Security et al",
        "Complaint",
        1,
        900003,
    ),
)


def court() -> bytes:
    """Write a court's feed of docket entries, as CM/ECF does."""
    items = "".join(
        f"<item><title>{number} {caption}</title>"
        f"<link>https://ecf.cand.uscourts.gov/cgi-bin/DktRpt.pl?{case}</link>"
        f"<description>[{label}] (&#x3C;a href=&#x22;https://ecf.cand.uscourts.gov/doc1/0{case}1?"
        f"caseid={case}&#x26;de_seq_num={entry}&#x22; &#x3E;{entry}&#x3C;/a&#x3E;)</description>"
        f'<guid isPermaLink="true">https://ecf.cand.uscourts.gov/cgi-bin/DktRpt.pl?{case}&#x26;{entry}'
        "</guid><pubDate>Mon, 23 Nov 2026 02:14:31 GMT</pubDate></item>"
        for number, caption, label, entry, case in DOCKET
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel>'
        "<title>Northern District of California - Recent Entries (made up)</title>"
        "<link>https://ecf.cand.uscourts.gov</link>"
        "<description>Docket entries of type: all</description>"
        f"<lastBuildDate>Mon, 23 Nov 2026 11:50:00 GMT</lastBuildDate>{items}</channel></rss>"
    ).encode("latin-1")


class Playwright:
    """Answers every request of the demo's sources, and has the answers archived."""

    def __init__(self) -> None:
        self.answers: list[Response] = []

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request with made-up words."""
        del last
        body, media_type = self._answer(request.url)
        headers = (("content-type", media_type),)
        response = Response(request, request.url, 200, headers, body, NOW)
        self.answers.append(response)
        return response

    @staticmethod
    def _answer(url: str) -> tuple[bytes, str]:
        if "herald" in url:
            return feed(), "application/rss+xml"
        if "uscourts" in url:
            return court(), "application/xml"
        rows: object = MATTERS
        if "/EventItems" in url:
            rows = AGENDA
        elif "/events" in url:
            rows = [EVENT]
        return json.dumps(rows).encode(), "application/json; charset=utf-8"


def main() -> None:
    """Poll the three sources with the made-up answers, and keep what was asked and said."""
    config = load(HERE, {})
    fetcher = Playwright()
    for source in config.sources:
        found = collect(Task(source, Poll(NOW, source.timezone)), fetcher, config.filters)
        if found.outcome is Outcome.FAILED:
            raise SystemExit(f"{source.id}: {found.reason}")
    recording = HERE / "recording.warc.gz"
    recording.unlink(missing_ok=True)
    append(recording, fetcher.answers)


if __name__ == "__main__":
    main()
