"""Reads dockets of the Supreme Court from the JSON file that the Court keeps for each.

Parties' addresses and telephone numbers stand in the same file; they are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors._docket_labels import sort_of
from monitor.connectors._json_answers import (
    Record,
    complaint,
    made,
    moment,
    read_object,
    subject_of,
)
from monitor.errors import FormatError
from monitor.identifiers import docket_number
from monitor.models import (
    Attachment,
    Entry,
    Hearing,
    Identifier,
    ItemType,
    Pairs,
    Parsed,
    Poll,
    Request,
    Response,
)
from monitor.text import clean_text, digest, fold, one_line
from monitor.urls import absolute

_SITE = "https://www.supremecourt.gov"
_COURT = "Supreme Court of the United States"
_EASTERN = "America/New_York"
_COURT_DAY = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}) (\d{4})")
_CONFERENCE = re.compile(r"DISTRIBUTED for Conference of (\d{1,2}/\d{1,2}/\d{4})")
_ARGUMENT = re.compile(r"SET FOR ARGUMENT on (?:\w+, )?([A-Z][a-z]+ \d{1,2}, \d{4})", re.IGNORECASE)
_LABEL = 160


@register
class ScotusDocket(BaseConnector):
    """One docket of the Supreme Court, from the Court's own JSON file.

    The Court's robots.txt forbids these files to programs. Watch the case with `scotus` (orders and
    opinions) or `courtlistener_docket` instead, unless the Court has agreed to be asked.

    docket: the docket's number: 25-123, 25A169, 22O155.
    case: what the case is called in alerts; default its caption.
    despite_robots: true where the Court has agreed; without it, this kind is refused.
    """

    kind: ClassVar[str] = "scotus_docket"
    platform: ClassVar[str] = "supremecourt"
    pace: ClassVar[float] = 2.0

    docket: str
    case: str = ""
    despite_robots: bool = Field(default=False)

    @field_validator("docket")
    @classmethod
    def _is_number(cls, said: str) -> str:
        number = docket_number(said)
        if number is None or ":" in number or number.count("-") > 1:
            raise ValueError(f"{said!r} is no docket number of the Court (25-123, 25A169, 22O155)")
        return number

    @model_validator(mode="after")
    def _may_be_asked(self) -> ScotusDocket:
        if not self.despite_robots:
            raise ValueError(
                "the Court's robots.txt forbids these files: use kind 'scotus' or "
                "'courtlistener_docket', or write `despite_robots: true` where the Court has agreed"
            )
        return self

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the docket's file."""
        del poll
        yield Request(f"{_SITE}/rss/cases/JSON/{self.docket.lower()}.json")

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the file; raises SoftError or FormatError where it is no docket."""
        answer = read_object(response)
        listed = answer.fields.get("ProceedingsandOrder")
        if not isinstance(listed, list):
            raise complaint(answer, response) or FormatError(
                subject_of(response), "the answer holds no proceedings"
            )
        case = self._case(answer, poll.now)
        yield case
        # The order of the list means nothing: entries are put in between.
        for number, one in enumerate(listed, start=1):
            record = Record(one if isinstance(one, dict) else {})
            yield made(f"entry {number}", lambda r=record: _entry(r, case, poll.now))  # type: ignore[misc]

    def _case(self, answer: Record, now: datetime) -> Entry:
        """Make an entry of the case; raises FormatError."""
        parties = (answer.line("PetitionerTitle"), answer.line("RespondentTitle"))
        sides = [
            re.sub(r",? (?:Petitioner|Respondent|Applicant)s?$", "", one) for one in parties if one
        ]
        caption = " v. ".join(sides) or self.docket
        filed = answer.line("DocketedDate")
        return Entry(
            type=ItemType.DOCKET_CAPTION,
            key=f"case:{self.docket}",
            title=caption,
            url=f"{_SITE}/search.aspx?filename=/docket/docketfiles/html/public/{self.docket.lower()}.html",
            published=moment(filed, _EASTERN, now),
            published_said=filed,
            jurisdiction="scotus",
            office=_COURT,
            identifiers=(Identifier("docket", "scotus", self.docket),),
            facts=(("docket_number", self.docket),),
            noise=_pairs(
                ("lower_court", answer.line("LowerCourt")),
                ("lower_court_numbers", answer.line("LowerCourtCaseNumbers")),
            ),
            watched=self.case or caption,
        )


def _entry(record: Record, case: Entry, now: datetime) -> Entry:
    """Make an entry of one proceeding; raises FormatError. Its words and day are its identity."""
    words, day = clean_text(record.text("Text"), html=True), record.line("Date")
    if not words:
        raise FormatError("Text", "the entry has no words")
    number = case.key.removeprefix("case:")
    sort, label = sort_of(words), one_line(words, _LABEL)
    return replace(
        case,
        type=ItemType.DOCKET_ENTRY,
        key=f"{number}:{digest(day, fold(words))[:16]}",
        title=f"{one_line(case.title, 80)} — {label}",
        body=words if words != label else "",
        published=_day(day, now),
        published_said=day,
        hearings=tuple(_dates(words, now)),
        attachments=tuple(_documents(record)),
        facts=(),
        noise=(),
        labels=(sort,) if sort else (),
    )


def _dates(words: str, now: datetime) -> Iterator[Hearing]:
    """Find the days of conference and argument in an entry's words."""
    for kind, pattern in (("meeting", _CONFERENCE), ("hearing", _ARGUMENT)):
        found = pattern.search(words)
        if found:
            day = moment(found[1], _EASTERN, now)
            yield Hearing(kind, day, _EASTERN, said=found[1], all_day=True)


def _documents(record: Record) -> Iterator[Attachment]:
    for one in record.records("Links"):
        url = absolute(_SITE, one.text("DocumentUrl"))
        if url:
            yield Attachment(one.line("Description") or "Document", url)


def _day(said: str, now: datetime) -> datetime | None:
    """Read "Jun 01 2026"."""
    found = _COURT_DAY.fullmatch(said)
    return moment(f"{found[1]} {found[2]}, {found[3]}" if found else said, _EASTERN, now)


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple([pair for pair in pairs if pair[1]])
