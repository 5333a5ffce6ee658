"""Says how far a matter has come, in the field's terms, out of each publisher's own words.

    Entry → read_stage → Reading(stage, the words that tell it)
    matter's stage + Reading → advance → matter's stage

What no publisher's word tells has no stage: nothing is guessed. Motion and ruling are never
confused (dockets), and a headline is weak (headlines).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.models import Entry, Item, ItemType, Stage
from monitor.stages.course import FOLLOWS, advance, stage_when_gone, worth_everyone
from monitor.stages.dockets import read_docket_entry
from monitor.stages.headlines import read_headline
from monitor.stages.measures import read_agenda_item, read_bill, read_council_item
from monitor.stages.papers import (
    read_agreement,
    read_hearing,
    read_opinion,
    read_order,
    read_register,
)
from monitor.stages.spoken import stage_words
from monitor.stages.trackers import read_tracker
from monitor.stages.values import READ, Reading, Said
from monitor.text import clean_text

__all__ = [
    "FOLLOWS",
    "Reading",
    "Said",
    "advance",
    "read_item",
    "read_said",
    "read_stage",
    "stage_when_gone",
    "stage_words",
    "worth_everyone",
]
_MARKUP = 4 * READ


def read_stage(entry: Entry) -> Reading | None:
    """Read the stage of what a publisher published; None where its words do not tell."""
    title, text = entry.title, entry.body[:_MARKUP]
    if entry.html:
        title, text = clean_text(title, html=True), clean_text(text, html=True)
    return read_said(
        Said(
            type=entry.type,
            title=title,
            text=text,
            status=entry.status,
            office=entry.office,
            jurisdiction=entry.jurisdiction,
            labels=entry.labels,
            facts=entry.facts,
            noise=entry.noise,
            identifiers=entry.identifiers,
            hearings=entry.hearings,
            attachments=entry.attachments,
        )
    )


def read_item(item: Item) -> Reading | None:
    """Read the stage of an item anew, by the words that are stored of it."""
    return read_said(
        Said(
            type=item.type,
            title=item.title,
            text=item.text,
            status=item.status,
            office=item.office,
            jurisdiction=item.jurisdiction,
            labels=item.labels,
            facts=item.facts,
            noise=item.noise,
            identifiers=item.identifiers,
            hearings=item.hearings,
            attachments=item.attachments,
        )
    )


def read_said(said: Said) -> Reading | None:
    """Read the stage of what is said, as its type is to be read."""
    reader = _READERS.get(said.type)
    return reader(said) if reader else None


def _case(said: Said) -> Reading | None:
    """Read a case seen for the first time: by its status, else by the event that opened it."""
    told = read_tracker(said.status)
    if told or not said.labels:
        return told
    opened = read_docket_entry(said)
    return opened if opened and opened.stage is Stage.FILED else None


def _headline(said: Said) -> Reading | None:
    return read_headline(said.title)


_READERS: Mapping[ItemType, Callable[[Said], Reading | None]] = {
    ItemType.BILL: read_bill,
    ItemType.COUNCIL_ITEM: read_council_item,
    ItemType.AGENDA_ITEM: read_agenda_item,
    ItemType.MEETING: read_hearing,
    ItemType.DOCKET_ENTRY: read_docket_entry,
    ItemType.DOCKET_CAPTION: _case,
    ItemType.ROW: lambda said: read_tracker(said.status),
    ItemType.OPINION: read_opinion,
    ItemType.EXECUTIVE_ORDER: read_order,
    ItemType.FEDERAL_REGISTER: read_register,
    ItemType.AGREEMENT: read_agreement,
    ItemType.NEWS: _headline,
    ItemType.PRESS_RELEASE: _headline,
}
