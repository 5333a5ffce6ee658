"""Says how to comment: by when, where to write, whom to call, which link; the deadline first.

Numbers and addresses are those of the publisher, in sentences that send people there; they are
shown as they are, while in a quoted sentence everything private is masked as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.dates import local
from monitor.models import Contact, ContactKind, Hearing, Item
from monitor.render.links import address_of, is_mail
from monitor.render.tongue import ENGLISH, Tongue
from monitor.text import clean_text, mask_private, one_line
from monitor.urls import host
from monitor.wording import HEARINGS

SENTENCE = 200
_VALUE = 200
_MOST = 10
_LABELS = {
    ContactKind.COMMENT_DEADLINE: HEARINGS["comment_deadline"],
    ContactKind.SPEAK_DEADLINE: "Sign up by",
    ContactKind.EMAIL: "E-mail",
    ContactKind.PHONE: "Call",
    ContactKind.FORM: "Form",
    ContactKind.VIDEO: "Join or watch",
    ContactKind.IN_PERSON: "In person",
    ContactKind.ACCOMMODATION: "Access help",
}
_DEADLINES = (ContactKind.COMMENT_DEADLINE, ContactKind.SPEAK_DEADLINE)


@dataclass(frozen=True, slots=True)
class Way:
    """One line: a label, words, and a link or "".

    sentence: the publisher's words that a deadline was read from.
    is_mail: the value is an e-mail address, and nothing else.
    """

    label: str
    value: str
    address: str = ""
    sentence: str = ""
    is_mail: bool = False


def ways(item: Item, now: datetime | None) -> tuple[Way, ...]:
    """Say how to comment on an item, in at most ten lines; () once all its dates are past.

    Countdowns need `now`.
    """
    return ways_in(item.participation, item.hearings, now, ENGLISH)


def ways_in(
    contacts: tuple[Contact, ...],
    hearings: tuple[Hearing, ...],
    now: datetime | None,
    tongue: Tongue,
) -> tuple[Way, ...]:
    """Say in a language how to comment on what has these contacts and dates."""
    if not contacts or _is_over(hearings, now):
        return ()
    made = [*_deadlines(contacts, hearings, now, tongue)]
    for kind in ContactKind:
        of_kind = [one for one in contacts if one.kind is kind]
        if kind not in _DEADLINES and of_kind:
            made += _lines(kind, of_kind, hearings, tongue)
    return tuple(made[:_MOST])


def _is_over(hearings: tuple[Hearing, ...], now: datetime | None) -> bool:
    """Tell whether there is nothing left to comment on: all dates are past, or called off."""
    held = [one for one in hearings if not one.derived and one.kind != "effective"]
    if held and all(one.cancelled for one in held):
        return True
    if now is None or not held:
        return False
    return all(one.starts is not None and _is_past(one, now) for one in held)


def _is_past(hearing: Hearing, now: datetime) -> bool:
    if hearing.starts is None:
        return False
    if hearing.all_day:
        there, here = local(hearing.starts, hearing.timezone), local(now, hearing.timezone)
        return there.date() < here.date()
    return hearing.starts < now


def _deadlines(
    contacts: tuple[Contact, ...],
    hearings: tuple[Hearing, ...],
    now: datetime | None,
    tongue: Tongue,
) -> Iterator[Way]:
    """Say the publisher's own deadline, then those of its sentences; a time is said once."""
    told = set()
    for hearing in hearings:
        if hearing.kind == "comment_deadline" and not hearing.derived:
            told.add(_day(hearing))
            label = tongue.say(_LABELS[ContactKind.COMMENT_DEADLINE])
            yield Way(label, _when(hearing, now, tongue))
    for one in contacts:
        if one.kind not in _DEADLINES:
            continue
        label, sentence = tongue.say(_LABELS[one.kind]), _quoted(one.said)
        due = Hearing(
            "comment_deadline", one.due, one.timezone or "UTC", said=one.value, all_day=one.all_day
        )
        if one.due is None:
            yield Way(label, "" if sentence else _clean(one.value), "", sentence)
        elif one.kind is ContactKind.SPEAK_DEADLINE or _day(due) not in told:
            yield Way(label, _when(due, now, tongue), "", sentence)


def _day(hearing: Hearing) -> object:
    return local(hearing.starts, hearing.timezone).date() if hearing.starts else None


def _when(hearing: Hearing, now: datetime | None, tongue: Tongue) -> str:
    said = _clean(tongue.hearing_time(hearing))
    if now is None or hearing.starts is None:
        return said
    soon = tongue.say("over") if _is_past(hearing, now) else tongue.countdown(hearing, now)
    return f"{said} ({soon})" if soon else said


def _lines(
    kind: ContactKind, found: list[Contact], hearings: tuple[Hearing, ...], tongue: Tongue
) -> Iterator[Way]:
    """Write contacts of one sort: each address, number and link in a line of its own."""
    label = tongue.say(_LABELS[kind])
    if kind is ContactKind.EMAIL:
        yield from (Way(label, _clean(one.value), is_mail=is_mail(one.value)) for one in found)
    elif kind is ContactKind.ACCOMMODATION:
        yield Way(label, ", ".join([_clean(one.value) for one in found]))
    elif kind is ContactKind.IN_PERSON:
        places = (found[0].value, *(one.place for one in hearings))
        usual = tongue.say("at the meeting")
        yield Way(label, next((_clean(one) for one in places if one), usual))
    elif kind is ContactKind.PHONE:
        yield from (
            Way(label, ", ".join(filter(None, map(_clean, (one.value, one.code))))) for one in found
        )
    else:
        for one in found:
            if address := address_of(one.value):
                words = ", ".join(filter(None, (host(address), _clean(one.code))))
                yield Way(label, words, address)


def _clean(raw: str) -> str:
    return one_line(clean_text(raw), _VALUE)


def _quoted(sentence: str) -> str:
    said = one_line(mask_private(clean_text(sentence)), SENTENCE)
    return f"“{said}”" if said else ""
