"""Goes through sentences in their order, and keeps in mind what the last ones were about.

An instruction is often a list: "Comments may be submitted in these ways:" and then a line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from monitor.models import Contact, ContactKind, Hearing
from monitor.participation import contacts
from monitor.participation.deadlines import deadlines, meeting_of
from monitor.participation.purpose import Purpose, purpose
from monitor.participation.sentences import sentences
from monitor.text import one_line

_LONGEST_SAID = 400
_LINES_CARRIED = 6
_SHORT_LINE = 160
_DIALLED_LINE = 90
_CALLS_UP = re.compile(
    r"deadline|must be (?:received|submitted|sent|made)|(?:received|accepted|submitted) (?:by"
    r"|until|no later|through)"
    r"|e-?mail|send|submit|mail\b|phone|\bcall|online|visit|website|form\b|register|sign"
    r"|in person|https?:|www\.|@"
    r"|correo|tel[e\u00e9]fono|env[i\u00ed]|fecha l[i\u00ed]mite",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(
    r"\b(?:background|documents?|agendas?|packet|information|recordings?|minutes"
    r"|city hall hours)\b",
    re.IGNORECASE,
)
_DIALS = re.compile(
    r"\bdial|\bcall(?:ing)?[ -]in\b|\bjoin|\blisten|conference|webinar|zoom|webex|\btoll"
    r"|one[ -]tap|audio|participat|\bUS\b"
    r"|united states|attend|tel[e\u00e9]fono|llam",
    re.IGNORECASE,
)
_DIALLED = re.compile(
    r"^\+?1[ -.(]|\bUS\b|\btoll\b|united states|\bdial\b|\bcall:?\s", re.IGNORECASE
)
_OFFICE_CALLED = re.compile(
    r"\b(?:contact|office|clerk|questions?|assistance|help)\b", re.IGNORECASE
)
_IN_PERSON = re.compile(
    r"\bin[- ]person\b(?:,? (?:at|in) (?P<place>(?:the )?[A-Z0-9][^.;:]{4,120}))?"
    r"|\b(?:en persona|presencialmente)\b",
    re.IGNORECASE,
)
_NOT_IN_PERSON = re.compile(
    r"\b(?:not|no|without|unable|cannot|instead|rather|unless)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A statement and the number of its sentence; a code of a call has no contact of its own."""

    number: int
    contact: Contact | None = None
    label: str = ""
    code: str = ""


@dataclass
class Listener:
    """Reads the fields of one item one after the other.

    hearings, timezone: of the item; they tell what "24 hours before the meeting" means.
    """

    hearings: tuple[Hearing, ...]
    timezone: str
    _number: int = 0
    _instruction: Purpose = field(default_factory=Purpose)
    _lines: int = 0
    _joined: int = -_LINES_CARRIED

    def read(self, name: str, text: str) -> Iterator[Heard]:
        """Give the statements of one field, with the sentence of each."""
        self._lines = 0
        self._number += _LINES_CARRIED
        for sentence in sentences(text):
            self._number += 1
            meant = self._meant(sentence)
            said = one_line(sentence, _LONGEST_SAID)
            for contact in self._contacts(sentence, meant):
                yield Heard(self._number, replace(contact, said=said, field=name))
            if not meant.accommodation:
                for label, code in contacts.codes(sentence):
                    yield Heard(self._number, label=label, code=code)
            if meant.join:
                self._joined = self._number

    def _meant(self, sentence: str) -> Purpose:
        """Read a sentence's purpose; one without any goes on with the instruction before it."""
        own = purpose(sentence)
        if own.comment or own.speak or own.is_barred:
            is_instruction = own.is_heard and own.invites
            self._instruction = own if is_instruction else Purpose()
            self._lines = _LINES_CARRIED if is_instruction else 0
            return own
        self._lines -= 1
        goes_on = (
            self._lines >= 0
            and len(sentence) <= _SHORT_LINE
            and _CALLS_UP.search(sentence)
            and not _OF_PAPERS.search(sentence)
        )
        return replace(self._instruction, join=own.join) if goes_on else own

    def _contacts(self, sentence: str, meant: Purpose) -> Iterator[Contact]:
        if meant.accommodation:
            found = (*contacts.emails(sentence), *contacts.phones(sentence))
            yield from (Contact(ContactKind.ACCOMMODATION, one) for one in found)
            return
        if meant.is_barred:
            return
        if meant.is_heard:
            yield from self._deadlines(sentence)
            yield from (Contact(ContactKind.EMAIL, one) for one in contacts.emails(sentence))
            yield from _in_person(sentence)
        if meant.is_heard or self._is_dialled(sentence, meant):
            yield from (Contact(ContactKind.PHONE, one) for one in contacts.phones(sentence))
        yield from _linked(sentence, meant)

    def _is_dialled(self, sentence: str, meant: Purpose) -> bool:
        """Tell whether a number is for calling into the meeting, not for asking an office."""
        if _OFFICE_CALLED.search(sentence):
            return False
        if meant.join:
            return bool(_DIALS.search(sentence))
        near = self._number - self._joined <= _LINES_CARRIED and len(sentence) <= _DIALLED_LINE
        return near and bool(_DIALLED.search(sentence))

    def _deadlines(self, sentence: str) -> Iterator[Contact]:
        meeting = meeting_of(self.hearings)
        zone = meeting.timezone if meeting else self.timezone
        for one in deadlines(sentence, self.hearings, self.timezone):
            kinds = (
                (ContactKind.COMMENT_DEADLINE, one.comment),
                (ContactKind.SPEAK_DEADLINE, one.speak),
            )
            for kind, holds in kinds:
                if holds:
                    yield Contact(kind, one.words, due=one.due, timezone=zone, all_day=one.all_day)


def _in_person(sentence: str) -> Iterator[Contact]:
    found = _IN_PERSON.search(sentence)
    if found and not _NOT_IN_PERSON.search(sentence[max(found.start() - 60, 0) : found.end()]):
        yield Contact(ContactKind.IN_PERSON, one_line(found["place"] or "", 120))


def _linked(sentence: str, meant: Purpose) -> Iterator[Contact]:
    for url, before in contacts.links(sentence):
        if contacts.is_video(url, before):
            yield Contact(ContactKind.VIDEO, url)
        elif meant.is_heard and contacts.is_form(url, before):
            yield Contact(ContactKind.FORM, url)
