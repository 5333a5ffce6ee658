"""Does what people click: writes it down, and says in a line what that means.

The message above follows by itself: an act makes it stale, and who delivers brings it up to date.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from monitor.jurisdictions import timezone_of
from monitor.models import Lead, Misfit, Person, PersonalReminder, Relevance
from monitor.personal import next_date, remind_at
from monitor.render.blocks import words
from monitor.render.controls import Action, Wish
from monitor.slackapp.answers import Answer, Line, person, plain_answer, when
from monitor.slackapp.payloads import Click
from monitor.store import OutboxRow, Store
from monitor.wording import HEARINGS, hearing_time, spoken

log = logging.getLogger(__name__)

_Word = TypeVar("_Word", bound=StrEnum)

UNKNOWN = plain_answer(
    "This message is not known any more, so nothing was done.",
    "`/monitor search` finds the matter, and `/monitor help` says what can be done with it.",
)
ELSEWHERE = plain_answer("This button belongs to a message in another channel; nothing was done.")
MEANINGLESS = plain_answer("This choice is not known (any more); nothing was done.")


@dataclass(frozen=True, slots=True)
class Acting:
    """Acts on one store; belongs to its thread.

    timezone: tells the IANA zone of a person, by Slack's id of them; "" where that is not known.
    """

    store: Store
    timezone: Callable[[str], str]

    def click(self, click: Click, now: datetime) -> Answer | None:
        """Do what was clicked, once; None where it was done before and has been answered."""
        # Slack is asked before the transaction, which keeps every other writer waiting.
        zone = self.timezone(click.sender.person.id) if click.action is Action.REMIND else ""
        with self.store.transaction(durable=True):
            if not self.store.acts.once(click.sender.names, now):
                return None
            number = self.store.acts.alert(click.key)
            if number is None:
                return UNKNOWN
            row = self.store.outbox.row(number)
            if row.place and row.place != click.sender.place:
                log.warning("a click from another channel", extra={"alert": number})
                return ELSEWHERE
            return self._done(click, row, zone, now)

    def _done(self, click: Click, row: OutboxRow, zone: str, now: datetime) -> Answer:
        """Do what a button says; what a menu says is in its choice."""
        who, matter = click.sender.person, row.alert.matter
        if not matter:
            return UNKNOWN
        if click.action is Action.RELEVANT:
            return self._judge(row.id, who, Relevance.RELEVANT, None, now)
        if click.action is Action.CLAIM:
            return self.claim(matter, who, now)
        if click.action is Action.RELEASE:
            return self.release(matter, who, now)
        return self._chosen(click, row, zone, now)

    def _chosen(self, click: Click, row: OutboxRow, zone: str, now: datetime) -> Answer:
        who, matter = click.sender.person, row.alert.matter
        if click.action is Action.NOT_RELEVANT and (why := _word(Misfit, click.choice)):
            return self._judge(row.id, who, Relevance.NOT_RELEVANT, why, now)
        if click.action is Action.REMIND and (lead := _word(Lead, click.choice)):
            return self.remind(matter, who, lead, zone, now)
        if click.action is Action.MORE and (wish := _word(Wish, click.choice)):
            return self.wish(wish, matter, row.alert.channel, who, now)
        return MEANINGLESS

    def _judge(
        self, alert: int, who: Person, said: Relevance, why: Misfit | None, now: datetime
    ) -> Answer:
        because = f" ({why.value})" if why else ""
        if not self.store.ledger.judge(alert, who, said, now, why):
            return plain_answer(f"You said so already: {said.value}{because}.")
        return plain_answer(
            f"Noted: {said.value}{because}. Thank you; it counts when the filters are improved."
        )

    def claim(self, matter: int, who: Person, now: datetime) -> Answer:
        """Claim a matter, or say who has it."""
        claim = self.store.acts.claim(matter, who, now)
        if claim.person.id != who.id:
            has = (person(claim.person.id), words(" has it, since "), when(claim.claimed_at))
            return Answer(((*has, words(". Ask, or release it and claim it.")),))
        if claim.claimed_at != now:
            return Answer(((words("You have it already, since "), when(claim.claimed_at)),))
        return plain_answer("You have claimed this, and the message shows it to the others.")

    def release(self, matter: int, who: Person, now: datetime) -> Answer:
        """End a claim, and say whose it was."""
        claim = self.store.acts.release(matter, who, now)
        if claim is None:
            return plain_answer("Nobody had claimed it.")
        if claim.person.id == who.id:
            return plain_answer("You have released it; it is free to be claimed.")
        line: Line = (words("You have released what "), person(claim.person.id))
        return Answer(((*line, words(" had claimed; it is free to be claimed.")),))

    def wish(self, wish: Wish, matter: int, channel: str, who: Person, now: datetime) -> Answer:
        """Follow or mute a matter, or end that. `channel`: where it is muted."""
        acts = self.store.acts
        if wish is Wish.FOLLOW:
            acts.follow(matter, who, now)
            return plain_answer(
                f"You follow matter {matter}: each later alert also comes to you directly.",
                f"To stop: /monitor unfollow {matter}",
            )
        if wish is Wish.UNFOLLOW:
            ended = acts.unfollow(matter, who, now)
            said = "You no longer follow" if ended else "You did not follow"
            return plain_answer(f"{said} matter {matter}.")
        if wish is Wish.MUTE:
            acts.mute(matter, channel, who, now)
            return plain_answer(
                f"Matter {matter} is muted in {channel}: no more alerts of it there, for anybody.",
                f"It stays in the digest. To undo: /monitor unmute {matter}",
            )
        ended = acts.unmute(matter, channel, who, now)
        said = "is no longer muted" if ended else "was not muted"
        return plain_answer(f"Matter {matter} {said} in {channel}.")

    def remind(self, matter: int, who: Person, lead: Lead, zone: str, now: datetime) -> Answer:
        """Note a reminder at nine in the morning on the person's own clock."""
        present = self.store.matters.present(matter, now)
        hearing = next_date(present, now)
        timezone = zone or timezone_of(self.store.matters.matter(matter).jurisdiction)
        due = remind_at(lead, hearing, timezone, now)
        if due is None and hearing is None:
            return plain_answer("No date ahead is known. “Tomorrow, 9 am” works without one.")
        if due is None:
            return plain_answer("That morning is over. “Tomorrow, 9 am” still works.")
        starts = hearing.starts if hearing and lead is not Lead.TOMORROW else None
        self.store.acts.ask_reminder(
            PersonalReminder(0, who, matter, lead, due, timezone, starts), now
        )
        lines = [f"A direct message will remind you: {spoken(due, timezone, now=now)}."]
        if hearing and starts:
            name = HEARINGS.get(hearing.kind, "Date").lower()
            lines.append(
                f"The {name} is on {hearing_time(hearing, now)}; if it moves, so does this."
            )
        if not zone:
            lines.append("Slack does not tell your time zone, so this is the matter's own.")
        return plain_answer(*lines)


def _word(words_: type[_Word], written: str) -> _Word | None:
    return next((word for word in words_ if word.value == written), None)
