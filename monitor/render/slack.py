"""Shows an alert as Slack messages: one where it fits, else further ones for its thread.

header        what happened, in one line
context       where, who, what sort of thing
rich_text     what changed: old → new; facts with the next date
rich_text     how to comment: by when, where, with which code
rich_text     the publisher's own words, the matched ones in bold
context       why it is told, and where it comes from
rich_text     links
actions       buttons and menus, where somebody listens to them (controls.py)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.models import Alert, Direction, Posted, Present, Receipt
from monitor.render.blocks import (
    Block,
    Control,
    Element,
    actions,
    bullets,
    clip,
    context,
    date,
    header,
    link,
    mrkdwn,
    pack,
    paragraphs,
    quotation,
    said,
    units,
    user,
    words,
)
from monitor.render.brief import as_reply, beside_present
from monitor.render.changes import Changed
from monitor.render.edits import Edit, Run
from monitor.render.links import address_of, is_mail
from monitor.render.shown import Fact, Link, Quote, Shown, shown
from monitor.render.standing import people, standing
from monitor.render.text import Line, Style, lines
from monitor.render.ways import Way
from monitor.text import clean_text, digest, mask_private, one_line
from monitor.wording import spoken

EVENT = "monitor_alert"
NOTICE = 600
FALLBACK = 3_800
_LINKS = 1_500
# A row of buttons, and the present state in at most five short facts and a small line.
_LATER = 2
_STATE = 300
_VALUE = 100
_ADDRESS = 300
_TITLE = 200
_NEVER_WRAPPED = 100_000


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What chat.postMessage is told.

    key: stands in the metadata, and is how a message is found again; that of a follow-up is the
        alert's key with the part's number behind it.
    text: the notification; the whole message where there are no blocks.
    """

    key: str
    text: str
    blocks: tuple[Block, ...] = ()

    @property
    def metadata(self) -> dict[str, Any]:
        """Return the message's metadata; everybody in the workspace can read it."""
        return {"event_type": EVENT, "event_payload": {"k": self.key}}


def message(
    alert: Alert,
    now: datetime | None = None,
    buttons: Sequence[Control] = (),
    state: Sequence[Block] = (),
    *,
    reply: bool = False,
    present: Present | None = None,
) -> tuple[SlackMessage, ...]:
    """Render an alert as one message, and follow-ups where it exceeds Slack's limits.

    buttons: a row at the end of the first message. state: stands below its headline: a block for
        the matter, and a small one for what people think of it. Room is left
    for both, so that a message that gets them later is divided as it was at first.
    reply: below the first message of its thread. present: how its matter stands at `now`, where
        `state` says that.
    """
    view = shown(alert, now)
    if reply:
        view = as_reply(view, alert)
    if present is not None and now is not None:
        view = beside_present(view, alert, present, now)
    parts = pack(_blocks(view), first=_LATER, later=1)
    parts[0][1:1] = state
    if buttons:
        parts[0].append(actions(_row_id(alert, state), buttons))
    for number, part in enumerate(parts[1:], start=2):
        part.insert(0, context(f"Continued ({number} of {len(parts)}): {clip(view.headline, 200)}"))
    return tuple(
        SlackMessage(_part_key(alert.key, number), _notice(view, number), tuple(part))
        for number, part in enumerate(parts, start=1)
    )


def _row_id(alert: Alert, state: Sequence[Block]) -> str:
    """Name the row of buttons by its alert; anew at each edit, or clients keep what was chosen."""
    return f"alert:{alert.key}:{digest(repr(state))[:8]}"


def revised(posted: Posted, now: datetime, buttons: Sequence[Control] = ()) -> SlackMessage:
    """Render a first message as it should be by now: the present state, then its own words."""
    if posted.goes_on is not None:
        on = link("This story goes on in another thread", permalink(posted.goes_on))
        state = paragraphs([[words("➡️ "), on]])
    elif posted.present is not None:
        state = _state(posted.alert, posted.present, now)
    else:
        raise ValueError("a revised message shows the present, or where the story goes on")
    shown_buttons = buttons if posted.present is not None else ()
    first, *others = message(posted.alert, posted.posted_at, shown_buttons, state)
    if posted.present is None:
        return first
    # What was divided stays so: its further parts stand in the thread.
    if not others:
        first = message(posted.alert, now, shown_buttons, state, present=posted.present)[0]
    facts = (*standing(posted.present, now), *people(posted.present))
    said_now = "; ".join(f"{fact.label}: {fact.value}" for fact in facts)
    said_now = f"Claimed; {said_now}" if posted.present.claimed_by else said_now
    return replace(first, text=clip(f"{first.text} · {mrkdwn(clip(said_now, _STATE))}", NOTICE * 2))


def _state(alert: Alert, present: Present, now: datetime) -> list[Block]:
    """Build the blocks that say how the matter stands; small enough for the room that is left."""
    shown_below = alert.direction is present.direction
    told = replace(present, direction=Direction.UNCLEAR) if shown_below else present
    rows = [_fact(Fact(fact.label, clip(fact.value, _VALUE))) for fact in standing(told, now)]
    rows += _record(alert, present)
    quiet = " · ".join(f"{fact.label}: {fact.value}" for fact in people(present))
    return paragraphs([*_claim(present), *rows]) + ([context(quiet)] if quiet else [])


def _record(alert: Alert, present: Present) -> list[list[Element]]:
    """Link the official record, where the first message told of it by somebody else's words."""
    address = address_of(present.url)
    own = alert.item.url if alert.item else ""
    if not address or present.url == own or len(address) > _ADDRESS:
        return []
    return [[said("Record:", bold=True), words(" "), link(clip(present.title, _VALUE), address)]]


def _claim(present: Present) -> list[list[Element]]:
    """Say who has taken the matter on. An edit rings nobody's bell, so the name may be a name."""
    if not present.claimed_by:
        return []
    line = [said("Claimed:", bold=True), words(" by "), user(present.claimed_by)]
    if present.claimed_at:
        line += [words(", "), date(present.claimed_at, spoken(present.claimed_at))]
    return [line]


def told_before(title: str) -> Block:
    """Build the block that names the matter of a later alert, where there are no threads."""
    return context(f"More on: {one_line(mask_private(clean_text(title)), _TITLE)}")


def permalink(receipt: Receipt) -> str:
    """Return a message's address; Slack sends it on to the reader's own workspace."""
    return f"https://slack.com/archives/{receipt.place}/p{receipt.reference.replace('.', '')}"


def fallback(alert: Alert, now: datetime | None = None) -> SlackMessage:
    """Render an alert without blocks, for when Slack refuses them; its own links stay links."""
    rows = [(_marked_up(row), _is_link(row)) for row in lines(alert, now, _NEVER_WRAPPED)]
    # The links stand last, and matter most: they get their room before all else.
    chosen = _that_fit([(n, text) for n, (text, is_link) in enumerate(rows) if is_link], _LINKS)
    room = FALLBACK - sum(units(rows[n][0]) + 1 for n in chosen)
    chosen |= _that_fit([(n, text) for n, (text, is_link) in enumerate(rows) if not is_link], room)
    return SlackMessage(alert.key, "\n".join(rows[n][0] for n in sorted(chosen)) or "…")


def _is_link(row: Line) -> bool:
    return any(span.style is Style.LINK for span in row)


def _that_fit(rows: Sequence[tuple[int, str]], room: int) -> set[int]:
    """Choose rows from the first on, until `room` UTF-16 units are full."""
    chosen: set[int] = set()
    for number, text in rows:
        room -= units(text) + 1
        if room < 0:
            break
        chosen.add(number)
    return chosen


def _part_key(key: str, number: int) -> str:
    return key if number == 1 else f"{key}.{number}"


def _notice(view: Shown, number: int) -> str:
    """Write the line that notifications and screen readers give: what, where, when."""
    said_first = f"{view.headline} · {view.when}" if view.when else view.headline
    again = "Continued: " if number > 1 else ""
    return clip(mrkdwn(again + clip(said_first, NOTICE)), NOTICE * 2)


def _blocks(view: Shown) -> list[Block]:
    """Build all blocks in reading order; each alone is far below Slack's limits."""
    blocks = [header(f"❗ {view.headline}" if view.urgent else view.headline)]
    if view.place:
        blocks.append(context(" · ".join(view.place)))
    if view.title:
        blocks += paragraphs([_marked(view.title)])
    blocks += paragraphs([*map(_changed, view.changes), *map(_fact, view.facts)])
    if view.ways:
        blocks += paragraphs([[words("How to comment", bold=True)]])
        blocks += bullets(map(_way, view.ways))
    blocks += [_quotation(quote) for quote in view.quotes]
    blocks += bullets([link(line.words, line.address)] for line in view.lines)
    blocks += [context(text) for text in _footer(view)]
    blocks += paragraphs(map(_linked, view.links))
    return blocks


def _footer(view: Shown) -> Iterator[str]:
    if view.why:
        yield f"Why: {'; '.join(view.why)}"
    if view.notes:
        yield " · ".join(view.notes)


def _fact(fact: Fact) -> list[Element]:
    return [said(f"{fact.label}:", bold=True), words(" "), said(fact.value)]


def _way(way: Way) -> list[Element]:
    """Write one way to comment; a link shows its host, so that it cannot lie."""
    parts = [said(f"{way.label}:", bold=True)]
    if way.value:
        parts += [words(" "), link(way.value, way.address) if way.address else said(way.value)]
    if way.sentence:
        parts += [words(" "), said(way.sentence, italic=True)]
    return parts


def _changed(change: Changed) -> list[Element]:
    label = said(f"{change.label}:", bold=True)
    if change.runs:
        return [label, *(element for run in change.runs for element in _run(run))]
    old = said(change.old, strike=True) if change.old else words("nothing", italic=True)
    new = said(change.new) if change.new else words("nothing any more", italic=True)
    return [label, words(" "), old, words(" → "), new]


def _run(run: Run) -> list[Element]:
    style = _EDITS.get(run.edit)
    return [words(" "), said(run.text, **{style: True}) if style else said(run.text)]


_EDITS = {Edit.OLD: "strike", Edit.NEW: "bold"}


def _quotation(quote: Quote) -> Block:
    return quotation([said(quote.where, italic=True)] if quote.where else [], _marked(quote))


def _marked(quote: Quote) -> list[Element]:
    """Build literal text with the matched words in bold."""
    pieces: list[Element] = []
    position = 0
    for start, end in quote.hits:
        pieces += _piece(quote.text[position:start])
        pieces += _piece(quote.text[start:end], bold=True)
        position = end
    return pieces + _piece(quote.text[position:])


def _piece(text: str, **style: bool) -> list[Element]:
    return [said(text, **style)] if text else []


def _linked(shown_link: Link) -> list[Element]:
    return [link(shown_link.words, shown_link.address)]


def _marked_up(row: Line) -> str:
    """Write a line of text in Slack's markup: our own links as links, all else as words."""
    return "".join(
        _marked_link(span.text) if span.style is Style.LINK else mrkdwn(span.text) for span in row
    )


def _marked_link(text: str) -> str:
    """Write a link in Slack's markup; taken apart like other words, an address would be broken."""
    return f"<mailto:{text}|{text}>" if is_mail(text) else f"<{text.replace('&', '&amp;')}>"
