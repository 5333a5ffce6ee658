"""Shows what changed about an item: each field before and after, or how a long text was amended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from monitor.models import Alert, FieldChange
from monitor.render.edits import Edit, Run, edits
from monitor.text import clean_text, mask_private, one_line
from monitor.wording import ADDED_LATE, LATE_MARK, READ_NOW, field_name, spoken

QUOTE = 600
VALUE = 300
SHORT = 120


@dataclass(frozen=True, slots=True)
class Changed:
    """A field before and after; "" where it was or is missing.

    runs: instead of the two, how a long text was amended.
    """

    label: str
    old: str = ""
    new: str = ""
    runs: tuple[Run, ...] = ()


def said(raw: str, limit: int) -> str:
    """Return one clean line of a publisher's words with private data masked."""
    return one_line(mask_private(clean_text(raw)), limit)


def field_label(name: str) -> str:
    """Name a field of an item for people, bounded and clean."""
    return said(field_name(name), 60) or "Field"


def changes(alert: Alert) -> tuple[Changed, ...]:
    """Show what changed; a list that was only put into another order did not.

    Lines that were added late stand below where they are quoted.
    """
    quoted = any(
        passage.field.endswith(LATE_MARK) for match in alert.matches for passage in match.passages
    )
    # The headline says the stage; below stand the publisher's own words for it.
    told = {field.name for field in alert.fields}
    left_out = {ADDED_LATE} if quoted else set()
    left_out |= {"stage"} if "status" in told else set()
    left_out |= {"hearings"} if _only_cancelled(alert) else set()
    made = (_changed(field) for field in alert.fields if field.name not in left_out)
    return tuple(change for change in made if change.old or change.new or change.runs)


def _only_cancelled(alert: Alert) -> bool:
    """Say whether dates were called off and nothing else: the dates themselves say that below."""
    dates = next((field for field in alert.fields if field.name == "hearings"), None)
    if dates is None or not alert.item or not any(one.cancelled for one in alert.item.hearings):
        return False
    fresh = set(dates.new.split("\n")) - set(dates.old.split("\n"))
    return bool(dates.new) and all(line.endswith("cancelled") for line in fresh)


def _changed(field: FieldChange) -> Changed:
    old, new = (mask_private(clean_text(text)) for text in (field.old, field.new))
    name = field_label(field.name)
    if field.name in {ADDED_LATE, READ_NOW}:
        return Changed(name, runs=(Run(Edit.SAME, one_line(new, QUOTE)),))
    if "\n" in old or "\n" in new:
        old, new = _differing(old, new), _differing(new, old)
    elif field.name not in _PLAIN and old and new and max(len(old), len(new)) > SHORT:
        return Changed(name, runs=edits(old, new))
    plain = _PLAIN.get(field.name, str)
    before, after = (one_line(plain(text), VALUE) for text in (old, new))
    return Changed(name, before, after)


def _differing(these: str, those: str) -> str:
    """Keep the lines of a list that the other state lacks."""
    other = those.split("\n")
    return "; ".join(line for line in these.split("\n") if line not in other)


# How normalise.py writes a hearing's time and an attachment's link into a changed field.
_WRITTEN_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d)(?: ([A-Z+-][\w+-]*))?)?")
_WRITTEN_LINK = re.compile(r" ?<https?://[^<>]*>")
_WRITTEN_KIND = re.compile(r"(?:^|(?<=; ))(?:hearing|meeting), (?=\w)")


def _plain_dates(text: str) -> str:
    """Write the times of a changed field as people say them."""
    return _WRITTEN_TIME.sub(_spoken_time, _WRITTEN_KIND.sub("", text))


def _plain_documents(text: str) -> str:
    """Leave out the addresses: the links stand below."""
    return _WRITTEN_LINK.sub("", text)


_PLAIN = {"hearings": _plain_dates, "attachments": _plain_documents}


def _spoken_time(found: re.Match[str]) -> str:
    day, clock, zone = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
    except ValueError:
        return found[0]
    return f"{spoken(moment, all_day=not clock)} {zone or ''}".rstrip()
