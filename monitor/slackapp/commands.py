"""Answers what people type behind /monitor, in at most ten lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from monitor.config import Source
from monitor.errors import QueryError
from monitor.jurisdictions import covers, label, ocd, suggestion
from monitor.models import Outcome, Present, Receipt
from monitor.reminders import Ahead
from monitor.render.blocks import link, words
from monitor.render.controls import Wish
from monitor.render.slack import permalink
from monitor.render.standing import standing
from monitor.slackapp.acting import Acting
from monitor.slackapp.answers import (
    MOST_PAIRS,
    Answer,
    Line,
    listed,
    outside,
    person,
    plain_answer,
    titled,
    when,
)
from monitor.slackapp.payloads import Command
from monitor.store import DeliveryState, Found, Matter, SourceHealth, Store
from monitor.wording import HEARINGS, TYPES, countdown, hearing_time

AHEAD = timedelta(days=60)
# Others wait for their clicks to be done meanwhile.
SEARCH_SECONDS = 2.0
_WEEK = timedelta(weeks=1)
_LATELY = timedelta(days=1)
_HIT = 160
_NUMBER = re.compile(r"(?:matter)?\s*#?\s*(\d{1,9})", re.IGNORECASE)
_HELP = (
    ("search WORDS", 'what was seen: words, "phrases", pre*, AND, OR, NOT'),
    ("upcoming [PLACE]", "hearings and deadlines of matters you were told of (PLACE: ny, us)"),
    ("matter ID", "how a matter stands, and where its threads are"),
    ("follow ID, unfollow ID", "have its alerts sent to you directly, or no more"),
    ("mute ID, unmute ID", "keep its alerts out of this channel, or let them in again"),
    ("status", "which sources are really being checked"),
)


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers from one store; belongs to its thread."""

    store: Store
    sources: Sequence[Source]
    acting: Acting

    def answer(self, command: Command, now: datetime) -> Answer | None:
        """Answer a command once; None where it was answered before."""
        if not self.store.acts.once(command.sender.names, now):
            return None
        verb, _, rest = command.text.partition(" ")
        known: dict[str, Callable[[], Answer]] = {
            "search": lambda: self._search(rest),
            "upcoming": lambda: self._upcoming(rest, now),
            "status": lambda: self._status(now),
            "matter": lambda: self._of_matter(rest, lambda matter: self._matter(matter, now)),
            "help": help_answer,
            "": help_answer,
        }
        name = verb.lower()
        if _NUMBER.fullmatch(command.text):
            name, rest = "matter", command.text
        if name in known:
            return known[name]()
        if name in set(Wish):
            return self._wish(Wish(name), rest, command, now)
        near = get_close_matches(name, [*filter(None, known), *Wish], n=1)
        return help_answer(verb, near[0] if near else "")

    # --------------------------------------------------------------------------------- looking

    def _search(self, query: str) -> Answer:
        if not query:
            return plain_answer('Search for what? For example: /monitor search "287(g)" sheriff')
        try:
            found = self.store.index.search(query, limit=MOST_PAIRS + 1, seconds=SEARCH_SECONDS)
        except QueryError as fault:
            return plain_answer(f"This search cannot be read: {fault.message}.")
        if not found:
            opening: Line = (words("Nothing was found for “"), outside(query), words("”."))
            return Answer((opening,), note="A word with * at its end finds longer ones: detain*")
        head: Line = (words("Found for “"), outside(query), words("”, the best first:"))
        more = "There is more: add words to narrow it." if len(found) > MOST_PAIRS else ""
        return listed(head, map(_hit, found[:MOST_PAIRS]), more)

    def _upcoming(self, place: str, now: datetime) -> Answer:
        within, named = "", ""
        if place:
            within = _place(place)
            if not within:
                said: Line = (words("This place is not known: “"), outside(place, 60), words("”."))
                return Answer((said,), note="Write us, a state (ny), or a town (ny/new_york).")
            named = f" in {label(within)}"
        ahead = [
            date
            for date in self.store.matters.ahead(now, now + AHEAD)
            if not within or covers(within, date.item.jurisdiction)
        ]
        if not ahead:
            return plain_answer(f"No date is known{named} for the next {AHEAD.days} days.")
        head: Line = (words(f"Ahead{named}, of matters that were told here:"),)
        return listed(head, [_date(date, now) for date in ahead], most=MOST_PAIRS)

    def _status(self, now: datetime) -> Answer:
        enabled = {source.id: source.name for source in self.sources if source.enabled}
        health = [one for one in self.store.sources.health(now - _WEEK) if one.id in enabled]
        checked = sum(_was_checked(one, now) for one in health)
        failing = [one for one in health if one.outcome is Outcome.FAILED]
        head = f"{checked} of {len(enabled)} sources were checked within the last day."
        counts = dict(self.store.outbox.counts())
        troubled = counts.get(DeliveryState.FAILED, 0) + counts.get(DeliveryState.UNKNOWN, 0)
        waiting = counts.get(DeliveryState.QUEUED, 0)
        parts = [f"Alerts that wait to be sent: {waiting}." if waiting else ""]
        parts += [f"Alerts that need a person (monitor outbox): {troubled}." if troubled else ""]
        points = [_failing(enabled[one.id], one) for one in failing]
        return listed((words(head),), points, " ".join(filter(None, parts)))

    def _of_matter(self, written: str, act: Callable[[Matter], Answer]) -> Answer:
        """Find the matter that a number names, and answer about it."""
        number = _NUMBER.fullmatch(written.strip())
        if number is None:
            return plain_answer("Which matter? Write its number; /monitor search shows them.")
        try:
            return act(self.store.matters.matter(int(number[1])))
        except KeyError:
            return plain_answer(f"There is no matter {number[1]}; /monitor search shows numbers.")

    def _matter(self, matter: Matter, now: datetime) -> Answer:
        present = self.store.matters.present(matter.id, now)
        places = {source.id: source.name for source in self.sources}
        named = tuple(dict.fromkeys(places.get(one, one) for one in present.sources))
        present = self.store.acts.shown(replace(present, sources=named), "")
        place = label(matter.jurisdiction) if matter.jurisdiction else ""
        head: Line = (words(f"Matter {matter.id}: "), titled(matter.title, matter.url))
        points: list[Line] = [(words(" · ".join(filter(None, (place, TYPES[matter.type])))),)]
        points += [
            (words(f"{fact.label}: ", bold=True), outside(fact.value, _HIT))
            for fact in standing(present, now)
        ]
        points += self._people(matter.id, present)
        return listed(head, points, f"/monitor follow {matter.id} · /monitor mute {matter.id}")

    def _people(self, matter: int, present: Present) -> list[Line]:
        lines: list[Line] = []
        if present.claimed_by and present.claimed_at:
            claimed = words("Claimed: ", bold=True)
            lines.append(
                (claimed, person(present.claimed_by), words(", "), when(present.claimed_at))
            )
        if present.relevant or present.not_relevant:
            counts = f"{present.relevant} relevant, {present.not_relevant} not relevant"
            lines.append((words("Judged: ", bold=True), words(counts)))
        threads = [one for one in self.store.acts.threads(matter) if one.channel.startswith("#")]
        if threads:
            parts = [words("Threads: ", bold=True)]
            for thread in threads[:4]:
                parts += [
                    link(thread.channel, permalink(Receipt(thread.reference, thread.place))),
                    words(" "),
                ]
            lines.append(parts)
        return lines

    # ---------------------------------------------------------------------------------- acting

    def _wish(self, wish: Wish, written: str, command: Command, now: datetime) -> Answer:
        """Follow or mute a matter; a mute is of the channel in which it was typed."""
        channel = ""
        if wish in {Wish.MUTE, Wish.UNMUTE}:
            channel = self.store.acts.channel_at(command.sender.place)
            if not channel:
                return plain_answer(
                    f"No alerts come to this channel; type /monitor {wish.value} in the one "
                    "where they do."
                )

        def act(matter: Matter) -> Answer:
            who = command.sender.person
            return self.acting.wish(wish, matter.id, channel, who, now)

        return self._of_matter(written, act)


def help_answer(unknown: str = "", near: str = "") -> Answer:
    """Say what can be typed; `near` is the command that was probably meant."""
    opening: list[Line] = []
    if unknown:
        meant = f" Did you mean /monitor {near}?" if near else ""
        opening.append((words("There is no command “"), outside(unknown, 40), words(f"”.{meant}")))
    opening.append((words("What can be typed, seen by you alone:"),))
    points = tuple((words(f"/monitor {what}", code=True), words(f": {why}")) for what, why in _HELP)
    return Answer(tuple(opening), points)


def _hit(hit: Found) -> Line:
    item = hit.stored.item
    place = label(item.jurisdiction) if item.jurisdiction else ""
    day = item.published or hit.stored.first_seen
    facts = (TYPES[item.type], place, f"{day:%b} {day.day}, {day.year}")
    about = " · ".join(filter(None, (*facts, f"matter {hit.stored.matter}")))
    return (titled(item.title, item.url), words("\n"), outside(about, _HIT))


def _date(date: Ahead, now: datetime) -> Line:
    hearing = date.hearing
    soon = countdown(hearing, now)
    name = HEARINGS.get(hearing.kind, "Date")
    told = f"{name} {hearing_time(hearing, now)}" + (f" ({soon})" if soon else "")
    place = label(date.item.jurisdiction) if date.item.jurisdiction else ""
    about = " · ".join(filter(None, (place, f"matter {date.matter}")))
    return (
        words(f"{told}: ", bold=True),
        titled(date.item.title, date.item.url),
        words("\n"),
        outside(about, _HIT),
    )


def _failing(name: str, health: SourceHealth) -> Line:
    since = (words(", last seen well "), when(health.last_success)) if health.last_success else ()
    return (outside(name, 60), words(": "), outside(health.reason, _HIT), *since)


def _was_checked(health: SourceHealth, now: datetime) -> bool:
    return health.last_success is not None and now - health.last_success <= _LATELY


def _place(written: str) -> str:
    """Read a place as people write it; "" where it is none."""
    for form in (written, written.replace(" ", "_"), suggestion(written)):
        try:
            return ocd(form)
        except ValueError:
            continue
    return ""
