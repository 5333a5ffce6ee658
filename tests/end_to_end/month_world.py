"""Hundreds of made-up publishers for a simulated month: what each shows is a function of the time.

records_of      all that one publisher will ever publish, drawn once from its number
answer          what it serves at a moment, in its own format
Telling         what people are to be told, from the world's side: who, when, and how often

Every matched record has a word of its own (its token), by which its posts are found.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape

BEGIN = datetime(2026, 9, 7, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = 30
BACKLOG = 25
GROUPS = 8
# What counts is told from the second day on: by then every publisher was read once.
QUIET_BEFORE, QUIET_AFTER = DAY, DAY
STATUSES = ("Introduced", "In committee", "Passed")
SYLLABLES = tuple(
    "ba ce di fo gu han jor kel lim mon nar pes quo rin sta tor ul ven wick yor zel bri dac".split()  # noqa: SIM905
)
MADE = ("rss", "rss", "rss", "atom", "atom", "feed", "file", "file", "page", "meeting")
# What changes or meets is read more often than the longest pause between two of its states.
CADENCES = ("1h", "1h", "4h", "2h", "1h", "6h", "12h")


@dataclass(frozen=True, slots=True)
class Record:
    """One publication. token: in its title, where a filter holds on it; "" elsewhere.

    steps: when it reaches each status after the first. hearing: when it meets.
    """

    key: str
    title: str
    body: str
    appears: datetime
    token: str = ""
    steps: tuple[datetime, ...] = ()
    hearing: datetime | None = None

    def status(self, now: datetime) -> str:
        """Say how far it has come."""
        return STATUSES[sum(step <= now for step in self.steps)]


@dataclass(frozen=True, slots=True)
class Publisher:
    """One made-up publisher; `number` tells its format, its channel and its cadence."""

    number: int
    setting: Setting

    @property
    def name(self) -> str:
        """Name the source."""
        return f"s{self.number:03}-{self.made}"

    @property
    def made(self) -> str:
        """Name its format."""
        return MADE[self.number % len(MADE)]

    @property
    def every(self) -> str:
        """Say how often it is polled."""
        often = self.made in {"meeting", "file"}
        return "4h" if often else CADENCES[self.number % len(CADENCES)]

    @property
    def channel(self) -> str:
        """Name the channel that hears of it."""
        return f"#group-{self.number % GROUPS}"

    @property
    def is_conditional(self) -> bool:
        """Say whether it knows conditional requests; else its answers differ in noise."""
        return self.number % 2 == 0

    @property
    def records(self) -> tuple[Record, ...]:
        """List all that it ever publishes, oldest first."""
        return records_of(self.number, self.setting)

    def shown(self, now: datetime) -> list[Record]:
        """List what it shows at a moment, the newest first."""
        return [one for one in self.records if one.appears <= now][: -WINDOW - 1 : -1]

    def edition(self, now: datetime) -> str:
        """Name the state of its answer."""
        shown = self.shown(now)
        states = "".join(str(STATUSES.index(one.status(now))) for one in shown)
        return f"{shown[0].key}-{states}"

    def options(self, url: str) -> dict[str, object]:
        """Write its entry of sources.yaml."""
        own: dict[str, object] = {"kind": "rss"}
        if self.made in {"file", "meeting"}:
            own = {
                "kind": "json",
                "items": "value",
                "key": "MatterId",
                "title": "MatterTitle",
                "body": "MatterText",
                "link": "Url",
                "date": "When",
                "status": "MatterStatusName",
                "noise": {"touched": "LastModified"},
            }
            own |= {"date_is": "meeting"} if self.made == "meeting" else {"type": "council_item"}
        if self.made == "page":
            own = {"kind": "html", "item": "article", "key": "@data-id", "date": "time@datetime"}
            own |= {"body": "p"}
        return own | {
            "id": self.name,
            "name": f"Publisher {self.number}",
            "url": url,
            "jurisdiction": "ny",
            "every": self.every,
        }


@cache
def words() -> tuple[str, ...]:
    """Make words up."""
    chance = random.Random(2026)  # noqa: S311 - repeatable
    return tuple({"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(9_000)})


@cache
def records_of(number: int, setting: Setting) -> tuple[Record, ...]:
    """Draw a publisher's records: a backlog, then a record or so a day."""
    chance = random.Random(number)  # noqa: S311 - repeatable
    made = MADE[number % len(MADE)]
    moments = [BEGIN - chance.random() * 60 * DAY for _ in range(BACKLOG)]
    moments += [BEGIN + chance.random() * setting.days * DAY for _ in range(setting.days)]
    return tuple(
        _record(chance, (number, place), appears, made, setting)
        for place, appears in enumerate(sorted(moments))
    )


def _record(
    chance: random.Random, place: tuple[int, int], appears: datetime, made: str, setting: Setting
) -> Record:
    said = [chance.choice(words()) for _ in range(60)]
    last = setting.ends - QUIET_AFTER
    hearing = None
    if made == "meeting":
        hearing = (appears + setting.notice).replace(minute=0, second=0, microsecond=0)
    told = BEGIN + QUIET_BEFORE <= appears <= last and (hearing or last) <= setting.ends
    token = _token(*place) if told and chance.random() < setting.share else ""
    first = appears + setting.apart * (1 + chance.random() / 3)
    steps = (first, first + setting.apart * (1 + chance.random() / 3))
    about = f"detainer policy {token}" if token else "street works"
    return Record(
        key=f"{place[0]}-{place[1]}",
        title=f"{' '.join(said[:5]).capitalize()} {about} {' '.join(said[5:9])}",
        body=" ".join(said).capitalize() + ".",
        appears=appears,
        token=token,
        steps=tuple(step for step in steps if made == "file" and token and step <= last),
        hearing=hearing,
    )


def _token(number: int, place: int) -> str:
    """Make a word that stands nowhere else: letters only, so that it is no file's number."""
    value, letters = number * 1_000 + place, ""
    for _ in range(5):
        value, rest = divmod(value, 26)
        letters = chr(97 + rest) + letters
    return f"Zq{letters}qz"


# ------------------------------------------------------------------------------------- what is told


@dataclass(frozen=True, slots=True)
class Telling:
    """What people are to be told of one record, in one channel.

    changes: the words of each change in the order in which they are told. reminders: how many.
    """

    token: str
    channel: str
    publisher: str
    changes: tuple[str, ...] = ()
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """How large the world is.

    share: how many of the records are told. apart: how long a record stays in each state.
    notice: how long before a meeting it is announced. leads: when it is reminded of.
    """

    publishers: int = 40
    days: int = 3
    share: float = 0.5
    apart: timedelta = timedelta(hours=20)
    notice: timedelta = timedelta(hours=30)
    leads: tuple[timedelta, ...] = (timedelta(hours=4),)

    @property
    def world(self) -> tuple[Publisher, ...]:
        """List the publishers."""
        return tuple(Publisher(number, self) for number in range(self.publishers))

    @property
    def ends(self) -> datetime:
        """Say when nothing is published any more."""
        return BEGIN + self.days * DAY

    @property
    def expected(self) -> tuple[Telling, ...]:
        """List what is to be told, of each record."""
        return tuple(
            Telling(
                record.token,
                publisher.channel,
                publisher.name,
                STATUSES[1 : 1 + len(record.steps)],
                len(self.leads) if record.hearing else 0,
            )
            for publisher in self.world
            for record in publisher.records
            if record.token
        )


A_MONTH = Setting(
    publishers=500,
    days=30,
    share=0.2,
    apart=3 * DAY,
    notice=5 * DAY,
    leads=(timedelta(hours=48), timedelta(hours=4)),
)


# ---------------------------------------------------------------------------------------- formats


@dataclass
class Printer:
    """Writes answers, each edition once."""

    _kept: dict[int, tuple[str, bytes]] = field(default_factory=dict)

    def answer(self, publisher: Publisher, now: datetime) -> tuple[str, bytes]:
        """Return an answer's edition and its body; noise is added by who sends it."""
        edition = publisher.edition(now)
        kept = self._kept.get(publisher.number)
        if kept is None or kept[0] != edition:
            kept = self._kept[publisher.number] = (edition, _body(publisher, now))
        return kept


def _body(publisher: Publisher, now: datetime) -> bytes:
    shown = publisher.shown(now)
    match publisher.made:
        case "atom":
            text = _atom(shown)
        case "feed":
            text = _feed(shown)
        case "page":
            text = _page(shown)
        case "file" | "meeting":
            text = _files(shown, now)
        case _:
            text = _rss(shown)
    return text.encode()


def link(record: Record) -> str:
    """Name a record's page."""
    return f"https://publisher.example.org/{record.key}"


def _rss(shown: list[Record]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><guid isPermaLink='false'>{one.key}</guid>"
        f"<link>{link(one)}</link><pubDate>{format_datetime(one.appears)}</pubDate>"
        f"<description>{escape(one.body)}</description></item>"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Made up</title>'
        f"<link>https://publisher.example.org/</link><description>-</description>{items}"
        "</channel></rss>"
    )


def _atom(shown: list[Record]) -> str:
    entries = "".join(
        f"<entry><id>urn:made-up:{one.key}</id><title>{escape(one.title)}</title>"
        f'<link href="{link(one)}"/><updated>{one.appears:%Y-%m-%dT%H:%M:%SZ}</updated>'
        f"<summary>{escape(one.body)}</summary></entry>"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Made up</title><id>urn:made-up</id>{entries}</feed>"
    )


def _feed(shown: list[Record]) -> str:
    items = [
        {
            "id": one.key,
            "url": link(one),
            "title": one.title,
            "content_text": one.body,
            "date_published": f"{one.appears:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in shown
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Made up", "items": items}
    )


def _files(shown: list[Record], now: datetime) -> str:
    rows = [
        {
            "MatterId": one.key,
            "MatterTitle": one.title,
            "MatterText": one.body,
            "MatterStatusName": "" if one.hearing else one.status(now),
            "Url": link(one),
            "When": f"{one.hearing or one.appears:%Y-%m-%dT%H:%M:%SZ}",
            "LastModified": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in shown
    ]
    return json.dumps({"value": rows})


def _page(shown: list[Record]) -> str:
    articles = "".join(
        f'<article data-id="{one.key}"><h3><a href="{link(one)}">{escape(one.title)}</a></h3>'
        f'<time datetime="{one.appears:%Y-%m-%dT%H:%M:%SZ}">{one.appears:%B %d}</time>'
        f"<p>{escape(one.body)}</p></article>"
        for one in shown
    )
    return f"<!doctype html><title>Made up</title><main>{articles}</main>"
