"""Writes the OData queries of the Legistar Web API, and reads their pages.

Examples by the publisher: https://webapi.legistar.com/Home/Examples
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

from monitor.connectors._legistar_answers import Row
from monitor.errors import FormatError

PAGE = 1000
"""Rows that the API gives at most."""

# LastModified is not bumped by every edit, so each date counts as well. MatterEXDate1 is left out:
# the API refuses a seventeenth term (opencivicdata/python-legistar-scraper, legistar/bills.py).
_MATTER_DATES = (
    "MatterIntroDate", "MatterAgendaDate", "MatterPassedDate", "MatterEnactmentDate",
    "MatterDate1", "MatterDate2", *(f"MatterEXDate{number}" for number in range(2, 11)),
)  # fmt: skip
_MATTER_TOUCHED = ("MatterLastModifiedUtc", *_MATTER_DATES)
_UNQUOTED = "':"
_EVENT_TOUCHED = (
    "EventLastModifiedUtc",
    "EventAgendaLastPublishedUTC",
    "EventMinutesLastPublishedUTC",
)


def matters_query(since: datetime, skip: int) -> str:
    """Ask for the matters that were touched after `since`, newest id first.

    With descending ids a matter that is added between two pages moves others down and none out.
    """
    return _query(_any_after(_MATTER_TOUCHED, since), "MatterId desc", skip)


def events_query(since: datetime, today: datetime, skip: int) -> str:
    """Ask for the meetings that were touched after `since`, and for all from `today` on.

    today: the local midnight, as a clock. LastModified is not bumped when a meeting's time changes
    or it is cancelled, so everything ahead is read at every poll.
    """
    upcoming = f"EventDate ge datetime'{today:%Y-%m-%dT%H:%M:%S}'"
    return _query(f"{_any_after(_EVENT_TOUCHED, since)} or {upcoming}", "EventId desc", skip)


def next_page(
    rows: tuple[Row, ...],
    name: str,
    about: tuple[str, ...],
    is_touched: Callable[[Row], bool],
) -> tuple[str, str] | None:
    """Say where the next page begins and behind which id; None where this is the last one.

    name: the id's field. about: what this function said of the page before, ("0", "") for the
    first. is_touched: tells whether a row is one that was asked for.
    Raises FormatError where the tenant disregards the query, so that paging would never end or
    would miss what is new.
    """
    if len(rows) < PAGE:
        return None
    skip, last = about
    ids = [one for row in rows if (one := _id(row, name)) is not None]
    if not ids or (last and min(ids) >= int(last)):
        raise FormatError(name, "the answer to $skip is the page before")
    if any(map(is_touched, rows)):
        return str(int(skip) + PAGE), str(min(ids))
    if ids != sorted(ids, reverse=True):
        raise FormatError(name, "the answer is neither filtered ($filter) nor in order ($orderby)")
    return None


def is_touched_matter(row: Row, since: datetime) -> bool:
    """Tell whether a matter is one that `matters_query` asked for."""
    return _is_after(row, _MATTER_TOUCHED, since)


def is_touched_event(row: Row, since: datetime, today: datetime) -> bool:
    """Tell whether a meeting is one that `events_query` asked for."""
    return _is_after(row, _EVENT_TOUCHED, since) or _is_after(row, ("EventDate",), today)


def in_turn(ids: Iterable[int], waiting: str, most: int) -> tuple[tuple[int, ...], str]:
    """Take at most `most` ids, those that had to wait first; and write down who waits now.

    waiting: what was written down at the last poll. A bound defers, it never drops.
    """
    wanted = dict.fromkeys(ids)
    queue = [int(one) for one in waiting.split() if one.isdigit()]
    order = list(dict.fromkeys([*[one for one in queue if one in wanted], *wanted]))
    return tuple(order[:most]), " ".join(map(str, order[most:]))


def _id(row: Row, name: str) -> int | None:
    try:
        return row.number(name)
    except FormatError:
        return None


def _is_after(row: Row, names: tuple[str, ...], since: datetime) -> bool:
    """Compare with a day's slack: local dates stand beside UTC times in one filter."""
    try:
        times = [row.moment(name) for name in names]
    except FormatError:
        return True
    return any(one is not None and one > since - timedelta(days=1) for one in times)


def _any_after(names: tuple[str, ...], since: datetime) -> str:
    literal = f"datetime'{since:%Y-%m-%dT%H:%M:%S}'"
    return " or ".join([f"{name} gt {literal}" for name in names])


def _query(condition: str, order: str, skip: int) -> str:
    pairs = (("$filter", condition), ("$orderby", order), ("$top", PAGE), ("$skip", skip))
    return "&".join([f"{name}={quote(str(value), safe=_UNQUOTED)}" for name, value in pairs])
