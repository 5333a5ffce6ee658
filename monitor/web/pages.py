"""Pages for people: what is ahead, what is new, search, a matter, each source's health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, request

from monitor.errors import QueryError
from monitor.exporting import exported
from monitor.models import FieldChange
from monitor.overview import overview
from monitor.render.status_page import status_html
from monitor.render.web_pages import (
    FoundItem,
    Happening,
    MatterPage,
    Pager,
    front_html,
    matter_html,
    search_html,
)
from monitor.store import Found, Store, Timeline
from monitor.text import clean_text, one_line
from monitor.web.app import HTML, Premises, problem
from monitor.wording import TYPES, field_name, is_ahead

SOON = timedelta(days=60)
MOST_DATES = 40
A_PAGE = 25
EVENTS = 100
MOST_PAGES = 200
LONGEST_QUERY = 200
_VALUE = 160


class Pages:
    """The pages for people of one monitor."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    def join(self, app: Flask) -> None:
        """Add the pages to an application."""
        app.add_url_rule("/", "front", self.front)
        app.add_url_rule("/search", "search", self.search)
        app.add_url_rule("/matters/<string(maxlength=12):matter>", "matter", self.matter)
        app.add_url_rule("/status", "status", self.status)

    def front(self) -> Response:
        """Show what is ahead and what is new."""
        number, now = _page_number(), self._premises.clock()
        with Store.open(self._premises.database, read_only=True) as store:
            found = store.matters.recent(
                matched_only=True, limit=A_PAGE + 1, offset=(number - 1) * A_PAGE
            )
            dates = store.calendar.entries(now, now + SOON) if number == 1 else ()
        ahead = [one for one in dates if is_ahead(one.hearing, now)]
        shown = tuple(map(exported, found[:A_PAGE]))
        further = max(len(ahead) - MOST_DATES, 0)
        pager = _pager("/", number, is_more=len(found) > A_PAGE)
        return _html(
            front_html(ahead[:MOST_DATES], further, shown, pager, now, self._premises.timezone)
        )

    def search(self) -> Response:
        """Show what a search found; without a query, where to type one."""
        query = one_line(clean_text(request.args.get("q", "")[:LONGEST_QUERY]))
        number, now = _page_number(), self._premises.clock()
        found: Sequence[Found] = ()
        fault = ""
        if query.strip():
            with Store.open(self._premises.database, read_only=True) as store:
                try:
                    found = store.index.search(
                        query, limit=A_PAGE + 1, offset=(number - 1) * A_PAGE
                    )
                except QueryError as error:
                    fault = str(error)
        names = {source.id: source.name for source in self._premises.sources}
        shown = [_hit(hit, names.get(hit.stored.item.source, "")) for hit in found[:A_PAGE]]
        pager = _pager("/search", number, is_more=len(found) > A_PAGE, q=query)
        page = search_html(query, shown, pager, now, self._premises.timezone, fault)
        return _html(page, HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK)

    def matter(self, matter: str) -> Response:
        """Show a matter with its history, also by the number it had before a merge."""
        if not (matter.isascii() and matter.isdigit()):
            return problem(HTTPStatus.NOT_FOUND)
        number, now = _page_number(), self._premises.clock()
        with Store.open(self._premises.database, read_only=True) as store:
            try:
                timeline = store.matters.timeline(int(matter))
            except KeyError:
                return problem(HTTPStatus.NOT_FOUND)
            present = store.matters.present(timeline.matter.id, now)
        names = {source.id: source.name for source in self._premises.sources}
        happened = sorted(_happened(timeline, names), key=lambda one: one.at, reverse=True)
        begin = (number - 1) * EVENTS
        shown = MatterPage(
            matter=exported(timeline.matter),
            names=tuple(name.value for name in timeline.identifiers),
            ahead=present.hearings,
            happened=tuple(happened[begin : begin + EVENTS]),
            pager=_pager(
                f"/matters/{timeline.matter.id}", number, is_more=len(happened) > begin + EVENTS
            ),
        )
        return _html(matter_html(shown, now, self._premises.timezone))

    def status(self) -> Response:
        """Show each source's health."""
        now = self._premises.clock()
        with Store.open(self._premises.database, read_only=True) as store:
            seen = overview(store, self._premises.sources, self._premises.missing, now)
        return _html(status_html(seen, self._premises.timezone, served=True))


def _html(page: str, status: int = HTTPStatus.OK) -> Response:
    return Response(page, status, content_type=HTML)


def _page_number() -> int:
    """Read which page of a list is wanted; what is no such number is the first."""
    text = request.args.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    return min(max(int(text), 1), MOST_PAGES) if is_number else 1


def _pager(path: str, number: int, *, is_more: bool, **query: str) -> Pager:
    def address(to: int) -> str:
        return f"{path}?{urlencode({**query, 'page': to})}"

    return Pager(
        address(number - 1) if number > 1 else "",
        address(number + 1) if is_more and number < MOST_PAGES else "",
    )


def _hit(hit: Found, source: str) -> FoundItem:
    item = hit.stored.item
    return FoundItem(
        matter=hit.stored.matter,
        title=item.title,
        type=item.type,
        source=source or item.source,
        jurisdiction=item.jurisdiction,
        seen=item.published or hit.stored.first_seen,
        snippet=hit.snippet,
        hits=hit.hits,
        url=item.url,
    )


def _happened(timeline: Timeline, names: dict[str, str]) -> Iterator[Happening]:
    """Tell what happened to a matter, in no order: as `monitor matters show` does."""
    titles = {stored.id: stored.item.title for stored in timeline.items}
    for stored in timeline.items:
        item = stored.item
        source = names.get(item.source, item.source)
        yield Happening(
            stored.first_seen, f"{TYPES[item.type]} seen in {source}", item.title, item.url
        )
        if stored.gone_at:
            yield Happening(stored.gone_at, f"No longer listed in {source}", item.title)
    for revision in timeline.revisions:
        fields = "; ".join(map(_changed, revision.fields)) or titles.get(revision.item_id, "")
        yield Happening(revision.seen_at, "Changed", fields)
    for grouping in timeline.groupings:
        other = f" (matter {grouping.from_matter})" if grouping.from_matter else ""
        what = f"Item {grouping.item_id} {grouping.decision}{other}"
        yield Happening(grouping.decided_at, what, grouping.reason)
    for row in timeline.alerts:
        what = f"Told {row.alert.channel} ({row.state.value})"
        yield Happening(row.created_at, what, row.alert.headline)


def _changed(field: FieldChange) -> str:
    name = field_name(field.name)
    if not field.old:
        return f"{name}: {one_line(field.new, _VALUE)}"
    new = one_line(field.new, _VALUE) or "nothing"
    return f"{name}: {one_line(field.old, _VALUE)} → {new}"
