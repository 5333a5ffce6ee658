"""Puts a rendered digest into one subscriber's message: RFC 5322 and MIME, ready to be handed over.

    multipart/mixed
    ├ multipart/alternative
    │ ├ text/plain
    │ └ multipart/related ─ text/html, image/png …
    └ text/calendar; method=PUBLISH

Nothing in it tells of another subscriber, and nothing in it reports back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any
from urllib.parse import quote

from monitor import text as texts
from monitor.dates import local
from monitor.models import Digest, Hearing, Language, Section, Subscriber
from monitor.render.digest_values import Html, Links
from monitor.render.tongue import tongue_of
from monitor.wording import is_ahead

_WEEK = timedelta(days=6)
_NOON = 12
_ID = 32
# Seven bits on any way, so that no server on it recodes the text and breaks a signature (DKIM).
_CODING = "quoted-printable"
_HEARINGS = frozenset({"hearing", "meeting"})
_DEADLINES = frozenset({"comment_deadline", "return_date"})
_DAYS = {
    Language.ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    Language.SPANISH: ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
_MONTHS = {
    Language.ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    Language.SPANISH: "ene feb mar abr may jun jul ago sep oct nov dic",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """What a subject is made of: (one, many) of each thing, and phrases."""

    matters: tuple[str, str]
    hearings: tuple[str, str]
    deadlines: tuple[str, str]
    quiet: str
    checked: str
    upcoming: str
    halves: tuple[str, str]
    invitation: str
    asks: str
    page: str
    answer: str


_WORDS = {
    Language.ENGLISH: _Words(
        matters=("matter", "matters"),
        hearings=("hearing", "hearings"),
        deadlines=("deadline", "deadlines"),
        quiet="nothing new",
        checked="{} of {} sources checked",
        upcoming="next {}",
        halves=("am", "pm"),
        invitation="Please confirm: {}",
        asks=(
            "Somebody, probably you, asked that this address get “{title}”.\n\n"
            "To confirm, {ways}\n\nIf it was not you, do nothing: nothing will be sent.\n"
        ),
        page="open this page:\n{link}\n\nor ",
        answer="answer this message and leave the line below in it:\n{token}",
    ),
    Language.SPANISH: _Words(
        matters=("asunto", "asuntos"),
        hearings=("audiencia", "audiencias"),
        deadlines=("plazo", "plazos"),
        quiet="sin novedades",
        checked="{} de {} fuentes revisadas",
        upcoming="lo próximo: {}",
        halves=("a. m.", "p. m."),
        invitation="Confirme, por favor: {}",
        asks=(
            "Alguien, probablemente usted, pidió que esta dirección reciba «{title}».\n\n"
            "Para confirmar, {ways}\n\nSi no fue usted, no haga nada: no se enviará nada.\n"
        ),
        page="abra esta página:\n{link}\n\no ",
        answer="responda a este mensaje y deje en él la línea siguiente:\n{token}",
    ),
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every message of one digest bears.

    sender: the address that it comes from, and to which what cannot be delivered is sent back.
    name: beside that address. reply_to: where answers go; "" for the sender.
    public_url: where the web pages of this monitor are reached by https; "" for nowhere.
    """

    sender: str
    name: str
    reply_to: str = ""
    public_url: str = ""


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header that is folded between its links only.

    The standard library turns one longer than a line into encoded words, which no reader of
    List-Unsubscribe understands (RFC 2369 takes bare addresses).
    """

    def fold(self, *, policy: Policy) -> str:
        value = str(self).replace(", <", f",{policy.linesep} <")
        return f"{self.name}: {value}{policy.linesep}"


def _policy() -> Any:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-id", "message-id"):
        registry.map_to_type(name, _Verbatim)
    return SMTP.clone(header_factory=registry)


_POLICY = _policy()


def message(
    html: Html,
    text: str,
    calendar: bytes,
    subscriber: Subscriber,
    digest: Digest,
    head: Letterhead,
    now: datetime,
) -> EmailMessage:
    """Put together one subscriber's copy of a digest.

    digest: as this subscriber gets it; the subject counts its matters. calendar: "" for none.
    The Message-ID is the same however often the copy is made (RFC 5322, section 3.6.4).
    """
    made = _addressed(subscriber, head, now)
    made["Message-ID"] = message_id(digest, subscriber, head)
    made["Subject"] = subject(digest, subscriber.language, now)
    made["List-Id"] = list_id(digest, head)
    _add_ways_out(made, subscriber, head)
    _add_pages(made, html, text)
    if calendar:
        made.add_attachment(
            calendar,
            maintype="text",
            subtype="calendar",
            params={"charset": "utf-8", "method": "PUBLISH"},
            filename=calendar_name(digest),
        )
    # Last, for what begins so moves into the first part while parts are added.
    made["Content-Language"] = subscriber.language.value
    return made


def _add_pages(made: EmailMessage, html: Html, text: str) -> None:
    made.set_content(text, cte=_CODING)
    made.add_alternative(html.html, subtype="html", cte=_CODING)
    page = list(made.iter_parts())[1]
    for image in html.images:
        page.add_related(
            image.data,
            "image",
            "png",
            cid=f"<{image.cid}>",
            filename=image.name,
            disposition="inline",
        )


def invitation(subscriber: Subscriber, head: Letterhead, now: datetime) -> EmailMessage:
    """Ask the owner of an address whether it wants digests; only text, and nothing to click twice.

    A second one has another Message-ID: it is another message.
    """
    words = _WORDS[subscriber.language]
    made = _addressed(subscriber, head, now)
    key = texts.digest("invitation", subscriber.token, now.isoformat())[:_ID]
    made["Message-ID"] = f"<{key}@{_domain(head)}>"
    made["Subject"] = words.invitation.format(texts.one_line(head.name))
    # Without a page any more, an invitation that waited is answered by mail.
    page = words.page.format(link=confirm_link(subscriber, head)) if head.public_url else ""
    ways = page + words.answer.format(token=subscriber.token)
    said = words.asks.format(title=texts.one_line(head.name), ways=ways)
    made.set_content(said, cte=_CODING)
    made["Content-Language"] = subscriber.language.value
    return made


def _addressed(subscriber: Subscriber, head: Letterhead, now: datetime) -> EmailMessage:
    made = EmailMessage(_POLICY)
    made["From"] = _named(head.name, head.sender)
    made["To"] = _named(subscriber.name, subscriber.address)
    if head.reply_to:
        made["Reply-To"] = _named("", head.reply_to)
    made["Date"] = now
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    return made


def _named(name: str, address: str) -> Address:
    local_part, _, domain = address.rpartition("@")
    return Address(texts.one_line(name), local_part, domain)


def _add_ways_out(made: EmailMessage, subscriber: Subscriber, head: Letterhead) -> None:
    """Say how to leave: by mail always, by one click where a web page can be reached (RFC 8058)."""
    ways = [f"<{_leave_by_mail(subscriber, head)}>"]
    if head.public_url:
        ways.insert(0, f"<{_own_page(subscriber, head, 'unsubscribe')}>")
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["List-Unsubscribe"] = ", ".join(ways)
    made["Precedence"] = "bulk"


def message_id(digest: Digest, subscriber: Subscriber, head: Letterhead) -> str:
    """Name a copy for ever; the name does not tell the subscriber's token."""
    key = texts.digest("digest", digest.name, digest.period.id, subscriber.token)[:_ID]
    return f"<{key}@{_domain(head)}>"


def list_id(digest: Digest, head: Letterhead) -> str:
    """Name the list, as RFC 2919 wants it; its title only where it is plain ASCII."""
    title = "".join(c for c in texts.one_line(digest.title) if c.isalnum() or c in " -")
    label = f"{digest.name}.{_domain(head)}"
    return f"{title.strip()} <{label}>" if title.isascii() else f"<{label}>"


def calendar_name(digest: Digest) -> str:
    """Name the calendar that is attached to a digest."""
    return f"{digest.name}-{digest.period.id}.ics"


def links(subscriber: Subscriber, head: Letterhead, calendar: str = "") -> Links:
    """Gather what stands in a subscriber's copy alone; calendar: the name of what is attached."""
    leave = _leave_by_mail(subscriber, head)
    if head.public_url:
        leave = _own_page(subscriber, head, "unsubscribe")
    return Links(unsubscribe=leave, contact=head.reply_to or head.sender, calendar=calendar)


def confirm_link(subscriber: Subscriber, head: Letterhead) -> str:
    """Name the page on which an invited subscriber confirms its address."""
    return _own_page(subscriber, head, "confirm")


def _own_page(subscriber: Subscriber, head: Letterhead, act: str) -> str:
    return f"{head.public_url.rstrip('/')}/{act}/{subscriber.token}"


def _leave_by_mail(subscriber: Subscriber, head: Letterhead) -> str:
    words = quote(f"unsubscribe {subscriber.token}")
    return f"mailto:{quote(head.reply_to or head.sender, safe='@')}?subject={words}"


def _domain(head: Letterhead) -> str:
    return head.sender.rpartition("@")[2]


def subject(digest: Digest, language: Language, now: datetime) -> str:
    """Say in a line what a digest holds: "12 matters, 3 hearings — next Tue 6:30 pm"."""
    words = _WORDS[language]
    title = texts.one_line(tongue_of(language).say_known(digest.title))
    counted = len([one for one in digest.matters if one.section is not Section.WATCHING])
    ahead = _ahead((date for one in digest.matters for date in one.hearings), now)
    if not counted:
        done = f"; {words.checked}".format(digest.checked.checked, digest.checked.sources)
        return f"{title}: {words.quiet}{done if digest.checked.sources else ''}"
    said = [_counted(counted, words.matters)]
    for kinds, noun in ((_HEARINGS, words.hearings), (_DEADLINES, words.deadlines)):
        if number := len([one for one in ahead if one.kind in kinds]):
            said.append(_counted(number, noun))
    coming = f" — {words.upcoming.format(_when(ahead[0], language, now))}" if ahead else ""
    return f"{title}: {', '.join(said)}{coming}"


def _counted(number: int, noun: tuple[str, str]) -> str:
    return f"{number:,} {noun[number != 1]}"


def _ahead(dates: Iterable[Hearing], now: datetime) -> tuple[Hearing, ...]:
    """List the hearings and deadlines to come, the next one first; one of many matters once."""
    coming = {
        (one.starts, one.kind, one.place): one
        for one in dates
        if one.kind in _HEARINGS | _DEADLINES and one.starts and not one.cancelled
        if is_ahead(one, now)
    }
    return tuple(coming[key] for key in sorted(coming, key=str))


def _when(date: Hearing, language: Language, now: datetime) -> str:
    """Say when, in few words; the day of the month only where the weekday would mislead."""
    assert date.starts is not None  # noqa: S101 - `_ahead` lists no others
    there, here = local(date.starts, date.timezone), local(now, date.timezone)
    said = _DAYS[language][there.weekday()]
    if there.date() - here.date() > _WEEK:
        month = _MONTHS[language].split()[there.month - 1]
        english = language is Language.ENGLISH
        said += f" {month} {there.day}" if english else f" {there.day} {month}"
    if date.all_day:
        return said
    half = _WORDS[language].halves[there.hour >= _NOON]
    return f"{said} {there.hour % _NOON or _NOON}:{there:%M} {half}"
