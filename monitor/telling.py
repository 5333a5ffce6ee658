"""Which changes are told to people who know the matter already, and to whom.

Twenty outlets print one wire story, and a council's item stands on three agendas: who was told of
a matter hears again only when something happens to it (a stage, a date, an official word). All
else is kept, and counted in the matter's first message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.identifiers import docket_core
from monitor.models import Change, ChangeKind, Hearing, Item, ItemType, Joining, Stage, Standing
from monitor.stages import worth_everyone
from monitor.wording import is_ahead

SOON = timedelta(days=14)
_REPORTS = frozenset({ItemType.NEWS, ItemType.PAGE_CHANGE, ItemType.ROW})
_RECORDS = frozenset(
    {
        ItemType.AGREEMENT,
        ItemType.BILL,
        ItemType.COUNCIL_ITEM,
        ItemType.DOCKET_CAPTION,
        ItemType.EXECUTIVE_ORDER,
    }
)
_LISTED = frozenset({ItemType.AGENDA_ITEM, ItemType.MEETING})


def adds(change: Change, now: datetime | None = None) -> bool:
    """Say whether a change tells something to people who were told of its matter before.

    What changed in an official record is judged by its fields (`alerts.is_news`). A further report
    of the same adds nothing, nor does an editor's hand in a story that was told.
    """
    before, item = change.before, change.item
    if change.kind is ChangeKind.UPDATED and item.type is ItemType.NEWS:
        return advances(change)
    if change.kind is not ChangeKind.NEW or change.joined is Joining.OPENED or before is None:
        return True
    if advances(change) or _has_new_date(item, before, now) or _reports_first(change, before):
        return True
    if change.joined is Joining.ALIKE or item.type in _REPORTS or item.type in _RECORDS:
        return False
    if item.type in _LISTED:
        return all(one.derived for one in item.hearings)
    return item.type is not ItemType.DOCKET_ENTRY or _is_new_paper(item, before)


def _is_new_paper(item: Item, before: Standing) -> bool:
    """Say whether a docket entry tells of a paper that was not told with its case, nor since.

    The complaint opens a case, and stands in the same poll; two sources give the same papers.
    """
    if before.fresh and item.stage is Stage.FILED:
        return False
    paper = paper_of(item)
    return not paper or paper not in before.papers


def paper_of(item: Item) -> str:
    """Name the paper that a docket entry tells of: docket and document number; "" for none."""
    if item.type is not ItemType.DOCKET_ENTRY:
        return ""
    return named_paper(((one.scheme, one.value) for one in item.identifiers), item.facts)


def named_paper(names: Iterable[tuple[str, str]], facts: Iterable[Sequence[str]]) -> str:
    """Name a paper by official names, as (scheme, value), and facts, as (name, value)."""
    docket = next((value for scheme, value in names if scheme == "docket"), "")
    number = next((value for name, value in facts if name == "document_number"), "")
    return f"{docket_core(docket)} {number}" if docket and number else ""


def _reports_first(change: Change, before: Standing) -> bool:
    """Say whether a story tells a turn of a case or bill that no record and no story has told."""
    stage = change.item.stage
    if stage is None or change.joined is Joining.ALIKE or stage in {before.stage, *before.stages}:
        return False
    return worth_everyone(before.stage, stage)


def advances(change: Change) -> bool:
    """Say whether a change brings its matter to another stage."""
    present = change.before.stage if change.before else None
    return change.stage is not None and change.stage is not present


def concerns_all(change: Change, now: datetime | None = None) -> bool:
    """Say whether a reply in a thread should be shown to the whole channel as well.

    A stage that ends or turns the matter, or a near date that was moved or called off.
    """
    present = change.before.stage if change.before else None
    if advances(change) and change.stage is not None and worth_everyone(present, change.stage):
        return True
    moved = any(field.name == "hearings" and field.old for field in change.fields)
    if not moved and change.kind is not ChangeKind.GONE:
        return False
    return any(_is_soon(hearing, now) for hearing in change.item.hearings)


def follows(change: Change, now: datetime | None = None) -> bool:
    """Say whether a change is told although no filter holds on the item's own words.

    It happened to a matter that people were told of, by an official record of it. A record that
    changed brings a date where its dates did, not where its agenda got another item.
    """
    before = change.before
    if before is None or change.joined not in {Joining.KEPT, Joining.OFFICIAL}:
        return False
    same = change.kind is ChangeKind.UPDATED and "hearings" not in {
        field.name for field in change.fields
    }
    return advances(change) or (not same and _has_new_date(change.item, before, now))


def _has_new_date(item: Item, before: Standing, now: datetime | None) -> bool:
    """Say whether an item brings a date ahead that the matter did not have.

    A deadline that was read out of sentences is no news (see participation/reading.py).
    """
    known = {_when(hearing) for hearing in before.hearings}
    given = (one for one in item.hearings if not one.derived)
    ahead = (one for one in given if now is None or is_ahead(one, now))
    return any(_when(hearing) not in known for hearing in ahead)


def _when(hearing: Hearing) -> tuple[object, ...]:
    """Tell dates apart: a hearing and a meeting at one time are one, in one state."""
    kind = "meeting" if hearing.kind == "hearing" else hearing.kind
    return kind, hearing.starts, hearing.cancelled, hearing.starts or hearing.said


def _is_soon(hearing: Hearing, now: datetime | None) -> bool:
    if hearing.starts is None or now is None:
        return False
    return is_ahead(hearing, now) and hearing.starts - now <= SOON
