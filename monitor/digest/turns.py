"""What happened to a matter in a period: its changes as values, the weightiest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from monitor.digest.sections import stage_reached
from monitor.digest.values import Arrived, MatterNews, Revised
from monitor.models import (
    ChangeKind,
    FieldChange,
    Hearing,
    Item,
    ItemType,
    Stage,
    Turn,
    TurnKind,
)
from monitor.stages import worth_everyone
from monitor.text import fold, one_line
from monitor.wording import ADDED_LATE, READ_NOW, next_hearing

MOST = 6
_MOST_REPORTERS = 3
_SAID = 160
_PAPERS = frozenset({ItemType.DOCKET_ENTRY, ItemType.OPINION})
_HEADLINES = frozenset({ItemType.NEWS, ItemType.PRESS_RELEASE})
_LISTED = frozenset({ItemType.AGENDA_ITEM, ItemType.MEETING})
# With these a matter begins; that it is new says as much.
_FIRST = frozenset({Stage.INTRODUCED, Stage.FILED, Stage.PENDING, Stage.HEARING_SET})
_SIGNED = frozenset({Stage.SIGNED})
_OF_DATES = frozenset({TurnKind.DATE_SET, TurnKind.DATE_MOVED, TurnKind.DATE_CANCELLED})
_ORDER = (
    TurnKind.STAGE,
    TurnKind.DATE_CANCELLED,
    TurnKind.DATE_MOVED,
    TurnKind.NEW,
    TurnKind.DATE_SET,
    TurnKind.FILED,
    TurnKind.ADDED_LATE,
    TurnKind.GONE,
    TurnKind.LISTED_AGAIN,
    TurnKind.AMENDED,
    TurnKind.RETITLED,
    TurnKind.STATUS,
    TurnKind.READ_NOW,
    TurnKind.FIELD,
    TurnKind.DOCUMENTS,
    TurnKind.REPORTED,
)
_OF_STAGE = frozenset({"status", *(stage.value.replace(" ", "_") for stage in Stage)})
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
_PLAIN = {
    "title": TurnKind.RETITLED,
    "text": TurnKind.AMENDED,
    "attachments": TurnKind.DOCUMENTS,
    ADDED_LATE: TurnKind.ADDED_LATE,
    READ_NOW: TurnKind.READ_NOW,
}


def turns(news: MatterNews, names: Mapping[str, str]) -> tuple[Turn, ...]:
    """Say what happened to a matter, each thing once, the weightiest first, six at most.

    names: what people call each source.
    """
    found = [*_stage(news), *_opening(news), *_dates(news.arrived), *_papers(news)]
    for one in news.revised:
        found += _of_change(one, news)
    found += _reports(news, names)
    if any(turn.kind in _OF_DATES for turn in found):
        found = [turn for turn in found if turn.stage is not Stage.HEARING_SET]
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda turn: _RANK[turn.kind])[:MOST])


def _stage(news: MatterNews) -> Iterator[Turn]:
    """Say to which stage the matter came."""
    if _tells_stage(news):
        yield Turn(TurnKind.STAGE, stage=news.stage, new=one_line(news.stage_said, _SAID))


def _tells_stage(news: MatterNews) -> bool:
    """Say whether the matter came to a stage, and did not only begin with that."""
    begins = _SIGNED if news.type is ItemType.AGREEMENT else _FIRST
    return stage_reached(news) and not (news.fresh and news.stage in begins)


def _opening(news: MatterNews) -> Iterator[Turn]:
    """Say that a matter is new; of one that is known by its papers, these say so."""
    if news.fresh and not (news.type in _PAPERS and _later_papers(news)):
        yield Turn(TurnKind.NEW)


def _dates(arrived: Iterable[Arrived]) -> Iterator[Turn]:
    """Say for when new agenda items and meetings are listed."""
    for one in arrived:
        if one.item.type in _LISTED and (chosen := _chosen(one.item, one.seen_at)):
            kind = TurnKind.DATE_CANCELLED if chosen.cancelled else TurnKind.DATE_SET
            yield Turn(kind, hearing=chosen)


def _papers(news: MatterNews) -> Iterator[Turn]:
    """Count the papers of a docket, and name the weightiest."""
    papers = _later_papers(news)
    if not papers:
        return
    chief = max(enumerate(papers), key=lambda pair: (_weight(pair[1]), pair[0]))[1]
    if not (chief.stage and chief.stage is news.stage and _tells_stage(news)):
        yield Turn(TurnKind.FILED, stage=chief.stage, new=_paper_said(chief), count=len(papers))
    elif len(papers) > 1:
        # The matter's new stage says what the weightiest one is.
        yield Turn(TurnKind.FILED, count=len(papers))


def _later_papers(news: MatterNews) -> list[Item]:
    """Return the papers of the period, without the one that opened the case in it."""
    papers = [one.item for one in news.arrived if one.item.type in _PAPERS]
    return [item for item in papers if not (news.fresh and item.stage is Stage.FILED)]


def _weight(item: Item) -> int:
    if item.stage is None:
        return 0
    if worth_everyone(Stage.ORDER, item.stage):
        return 4
    return {Stage.MOTION: 1, Stage.ORDER: 2, Stage.FILED: 1}.get(item.stage, 3)


def _paper_said(item: Item) -> str:
    """Quote what a paper is called: feeds give the case's name as title, the paper as text."""
    words = item.stage_said or item.text or item.title
    return one_line(words, _SAID)


def _of_change(one: Revised, news: MatterNews) -> Iterator[Turn]:
    """Say what changed about an item; what its matter's stage says already is left out."""
    if one.kind is ChangeKind.GONE:
        if not (stage_reached(news) and news.stage is Stage.TERMINATED):
            yield Turn(TurnKind.GONE)
        return
    named = {field.name for field in one.fields}
    said = _said_already(named)
    for field in one.fields:
        if field.name == "listing":
            yield Turn(TurnKind.LISTED_AGAIN)
        elif field.name == "hearings":
            yield from _of_dates(field, one)
        elif field.name in _PLAIN:
            yield Turn(_PLAIN[field.name])
        elif field.name == "stage":
            yield from _passed_through(field, one.item, news)
        elif field.name not in said:
            kind = TurnKind.STATUS if field.name == "status" else TurnKind.FIELD
            yield Turn(kind, name=field.name, old=_short(field.old), new=_short(field.new))


def _said_already(changed: set[str]) -> frozenset[str]:
    """Name fields of which other changed ones tell: the day of a stage, the number of a text."""
    of_stage = _OF_STAGE if "stage" in changed else frozenset[str]()
    return of_stage | (frozenset({"version"}) if "text" in changed else frozenset())


def _passed_through(field: FieldChange, item: Item, news: MatterNews) -> Iterator[Turn]:
    """Say to which stage an official record came on the way to the matter's present one."""
    stage = next((one for one in Stage if one.value == field.new), None)
    if stage and stage is not news.stage and item.type not in _HEADLINES:
        yield Turn(TurnKind.STAGE, stage=stage)


def _of_dates(field: FieldChange, one: Revised) -> Iterator[Turn]:
    """Tell a date that was called off from one that was moved and from a first one."""
    chosen = _chosen(one.item, one.seen_at)
    if not field.new or _newly_cancelled(field):
        yield Turn(TurnKind.DATE_CANCELLED, hearing=chosen)
    elif chosen is not None:
        moved = bool(field.old) and chosen.kind in {"hearing", "meeting"}
        yield Turn(TurnKind.DATE_MOVED if moved else TurnKind.DATE_SET, hearing=chosen)


def _newly_cancelled(field: FieldChange) -> bool:
    before = set(field.old.split("\n"))
    fresh = [line for line in field.new.split("\n") if line not in before]
    return bool(fresh) and all(line.endswith("cancelled") for line in fresh)


def _chosen(item: Item, seen_at: datetime) -> Hearing | None:
    """Choose the date that mattered when this was seen; it may be over by now."""
    given = tuple(one for one in item.hearings if not one.derived)
    return next_hearing(given, seen_at)


def _reports(news: MatterNews, names: Mapping[str, str]) -> Iterator[Turn]:
    """Say who else reported of the matter; the item that opened it is told as new."""
    rest = news.arrived[1:] if news.fresh else news.arrived
    counts = Counter(one.item.source for one in rest if _only_reports(one))
    for source, count in counts.most_common(_MOST_REPORTERS):
        yield Turn(TurnKind.REPORTED, new=names.get(source, source), count=count)


def _only_reports(one: Arrived) -> bool:
    """Say whether neither a paper nor a date tells of an item."""
    if one.item.type in _PAPERS:
        return False
    return one.item.type not in _LISTED or _chosen(one.item, one.seen_at) is None


def _short(text: str) -> str:
    """Return a value as one line; "" where it is nothing but marks."""
    return one_line(text, _SAID) if fold(text) else ""
