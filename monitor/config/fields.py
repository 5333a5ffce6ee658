"""The types of the options: how each is read from YAML, and how JSON Schema describes it.

A reader takes the text and returns the value, or raises ValueError with a sentence for the person
who wrote it; the sentence does not name the option, the complaint does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

from monitor.addresses import mailbox
from monitor.config.complaints import did_you_mean
from monitor.config.values import DAILY, DAYS, Expectation, Period, WeeklyTime
from monitor.jurisdictions import ocd, short
from monitor.matching import Shouting
from monitor.models import Direction, ItemType, Priority

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SIZES = {"kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_LENGTH = r"[1-9][0-9]{0,4}[smhdw]"
_SLACK_CHANNEL = r"#[^\s#@,.:;!?A-Z\"'()<>/\\]{1,80}|[CDG][A-Z0-9]{8,}"
# What follows the colon stands in a variable's name: webhook:north, SLACK_WEBHOOK_NORTH.
_NAMED = "(?!(?:url|file)$)(?![a-z0-9-]*-file$)[a-z0-9]+(?:-[a-z0-9]+)*"
_CHANNEL = rf"{_SLACK_CHANNEL}|webhook|(?:webhook|apprise):{_NAMED}"
_MAIL = re.compile(r"[\w.+%-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", re.ASCII)
_HOST_PORT = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+):(?P<port>[0-9]{1,5})", re.ASCII)
_LONGEST_PACE = 3600
# Any moment does: it is only asked whether a cron expression ever comes.
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


class Options(BaseModel):
    """What the models of the YAML share: frozen, strict, unknown options refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _text(read: Callable[[str], Any], wanted: str = "") -> PlainValidator:
    """Read a text; `wanted` says what anything else should have been."""

    def checked(value: Any) -> Any:
        if not isinstance(value, str):
            if wanted:
                raise PydanticCustomError("wanted", "{wanted}", {"wanted": wanted})
            raise PydanticKnownError("string_type")
        return read(value)

    return PlainValidator(checked)


def read_length(text: str) -> timedelta:
    """Read a length of time: a number and one of s, m, h, d, w."""
    if not re.fullmatch(_LENGTH, text):
        raise ValueError(f"'{text}' is no length of time (write for example 30m, 1h, 2d or 1w)")
    return int(text[:-1]) * _UNITS[text[-1]]


def written_length(length: timedelta) -> str:
    """Write a length of time as `read_length` reads it, in the largest unit up to days."""
    for letter in "dhm":
        if length >= _UNITS[letter] and not length % _UNITS[letter]:
            return f"{length // _UNITS[letter]}{letter}"
    return f"{length // SECOND}s"


def _interval(text: str) -> timedelta:
    length = read_length(text)
    if length < MINUTE:
        raise ValueError(f"'{text}' is too often (1m is the least)")
    if length > timedelta(days=31):
        raise ValueError(f"'{text}' is too seldom to hear of anything in time (31d is the most)")
    return length


def _age(text: str) -> timedelta | None:
    days = re.sub(r"^([1-9]\d?)y$", lambda years: f"{365 * int(years[1])}d", text)
    return None if text == "forever" else read_length(days)


def _written_age(age: timedelta | None) -> str:
    return "forever" if age is None else written_length(age)


def read_cron(text: str) -> str:
    """Check a cron expression: five fields, weekdays by name only, and a time that comes."""
    if text.startswith("@"):
        raise ValueError(f"'{text}' is not understood (write five fields: 0 8 * * mon-fri)")
    fields = text.split()
    if len(fields) != 5:  # noqa: PLR2004 - that is what cron is
        raise ValueError(
            f"'{text}' has {len(fields)} fields and needs five: minute, hour, day of the month, "
            "month, weekday (0 8 * * mon-fri)"
        )
    if re.search("[0-9]", fields[4]):
        raise ValueError(
            f"'{text}' gives weekdays by number, and 1 is Monday in some programs and Tuesday in "
            "others (write names: mon-fri)"
        )
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - 5 MB, for a `cron` only

    try:
        trigger = CronTrigger.from_crontab(text.lower(), timezone=UTC)
        comes = trigger.get_next_fire_time(None, _SOME_DAY)
    except (ValueError, TypeError) as error:
        raise ValueError(f"'{text}' cannot be read: {error} (write 0 8 * * mon-fri)") from error
    if comes is None:
        raise ValueError(f"'{text}' never comes (look at the day and the month)")
    return " ".join(fields).lower()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(text: str) -> str:
    if text in _zones():
        return text
    names = {zone.rpartition("/")[2].lower(): zone for zone in sorted(_zones())}
    names |= {zone.lower(): zone for zone in _zones()}
    names |= {"est": "America/New_York", "cst": "America/Chicago", "eastern": "America/New_York"}
    names |= {
        "pst": "America/Los_Angeles",
        "mst": "America/Denver",
        "pacific": "America/Los_Angeles",
    }
    meant = names.get(text.strip().lower().replace(" ", "_"))
    cure = f"did you mean '{meant}'?" if meant else "write a name such as America/New_York"
    raise ValueError(f"'{text}' is no time zone ({cure})")


def _expectation(text: str) -> Expectation:
    found = re.fullmatch(r"([1-9][0-9]{0,4})/(day|week|month)", text.replace(" ", ""))
    if not found:
        raise ValueError(f"'{text}' is no expectation (write for example 5/week, 1/day or 2/month)")
    return Expectation(int(found[1]), Period(found[2]))


def _channel(text: str) -> str:
    if re.fullmatch(_CHANNEL, text):
        return text
    if "://" in text:
        # An address of Slack's or of apprise's is a secret: it must not be repeated here.
        raise ValueError(
            "an address is no name of a channel (put it into the environment as "
            'APPRISE_URL_BOARD, and write "apprise:board"; for Slack as SLACK_WEBHOOK_URL, and '
            "write webhook)"
        )
    if found := re.match("(webhook|apprise)(?::|$)", text):
        example = f'write for example "{found[1]}:board", with the quotes; letters, digits and -'
        raise ValueError(f"'{text}' is no name of a channel ({example})")
    meant = re.sub(r"[^\w-]+", "-", text.lstrip("#").strip().lower()).strip("-")
    cure = f'write "#{meant}", with the quotes' if meant else 'write "#name", with the quotes'
    raise ValueError(f"'{text}' is no Slack channel ({cure})")


def _contact(text: str) -> str:
    if _MAIL.fullmatch(text):
        return text
    parts = urlsplit(text)
    if parts.scheme in {"http", "https"} and parts.hostname and text.isascii() and " " not in text:
        return text
    raise ValueError(
        f"'{text}' is neither an e-mail address nor a web page (publishers must be able to reach "
        "you: write for example monitor@your-coalition.org)"
    )


def _sender(text: str) -> str:
    try:
        return mailbox(text)
    except ValueError as fault:
        raise ValueError(f"'{text}' cannot be written to: {fault}") from fault


def _public_url(text: str) -> str:
    if re.fullmatch(
        r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[\w.~/-]*)?", text, re.ASCII
    ):
        return text.rstrip("/")
    raise ValueError(f"'{text}' is no web address (write for example https://watch.example.org)")


def _host_name(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        return text.lower()
    raise ValueError(f"'{text}' is no full name of a machine (write for example watch.example.org)")


_CLOCK = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"


def _weekly(text: str) -> WeeklyTime:
    found = re.fullmatch(r"([a-z]+) ([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip().lower())
    day = DAILY if found and found[1] == DAILY else found[1][:3] if found else ""
    if not found or day not in (*DAYS, DAILY):
        raise ValueError(f"'{text}' is no day and time (write for example mon 08:00)")
    return WeeklyTime(day, time(int(found[2]), int(found[3])))


def _hours(text: str) -> tuple[time, time]:
    found = re.fullmatch(rf"\s*({_CLOCK})\s*[-\u2013]\s*({_CLOCK})\s*", text)
    if not found:
        raise ValueError(f"'{text}' is no span of hours (write for example 21:00-07:00)")
    start, end = (time.fromisoformat(clock.zfill(5)) for clock in found.groups())
    if start == end:
        raise ValueError(f"'{text}' is the whole day (leave the channel out of the routes instead)")
    return start, end


def _host_port(text: str) -> tuple[str, int]:
    found = _HOST_PORT.fullmatch(text)
    if not found or not 0 < int(found["port"]) < 65_536:  # noqa: PLR2004 - ports have 16 bits
        raise ValueError(f"'{text}' is no host with a port (write for example 10.0.0.5:8080)")
    return found["host"].strip("[]").lower(), int(found["port"])


def _size(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = re.fullmatch(r"([1-9][0-9]{0,4}) ?(kb|mb|gb)", str(value).strip().lower())
    if not found:
        raise ValueError(f"'{value}' is no size (write for example 25MB)")
    return int(found[1]) * _SIZES[found[2]]


def _id(text: str) -> str:
    if re.fullmatch(r"[a-z0-9-]+", text):
        return text
    meant = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    cure = f"did you mean '{meant}'?" if meant else "write for example nyc-council"
    raise ValueError(f"'{text}' may hold only a-z, 0-9 and - ({cure})")


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty (give a value, or take the line out)")
    return text.strip()


def _paces(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict):
        raise PydanticKnownError("dict_type")
    for name, seconds in value.items():
        number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
        if not number or not 0 <= seconds <= _LONGEST_PACE:
            raise ValueError(f"{name}: '{seconds}' is no number of seconds from 0 to 3600")
    return tuple((name, float(seconds)) for name, seconds in value.items())


def _word(kind: type[StrEnum]) -> PlainValidator:
    def read(text: str) -> StrEnum:
        known = tuple(word.value for word in kind)
        if text not in known:
            raise ValueError(f"'{text}' is not understood{did_you_mean(text, known)}")
        return kind(text)

    return _text(read)


class OneOrMany:
    """Marks a list that may be written as its only entry."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Wrap a single value before the list is read."""
        return core_schema.no_info_before_validator_function(
            lambda value: tuple(value) if isinstance(value, list) else (value,), handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe both ways of writing."""
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def _schema(description: str, pattern: str = "", **more: Any) -> WithJsonSchema:
    schema = {"type": "string", "description": description, **more}
    return WithJsonSchema(schema | ({"pattern": f"^({pattern})$"} if pattern else {}))


def _words(kind: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [word.value for word in kind]})


_LENGTH_WORDS = "a length of time: 30m, 1h, 2d, 1w"
_written = PlainSerializer(written_length)
Length = Annotated[
    timedelta, _text(read_length, _LENGTH_WORDS), _schema(_LENGTH_WORDS, _LENGTH), _written
]
Interval = Annotated[
    timedelta, _text(_interval, _LENGTH_WORDS), _schema(_LENGTH_WORDS, _LENGTH), _written
]
Age = Annotated[
    timedelta | None,
    _text(_age, "an age: 90d, 1w, 3y, or forever"),
    _schema("90d, 1w, 3y, or forever", f"forever|[1-9][0-9]?y|{_LENGTH}"),
    PlainSerializer(_written_age),
]
Cron = Annotated[
    str,
    _text(read_cron),
    _schema("minute hour day month weekday; weekdays by name", r"\s*(\S+\s+){4}[^0-9\s]+\s*"),
]
Zone = Annotated[str, _text(_zone), _schema("an IANA time zone such as America/New_York", r"\S+")]
Expected = Annotated[
    Expectation,
    _text(_expectation, "a number in a period: 5/week, 1/day or 2/month"),
    _schema("5/week, 1/day, 2/month", r"\s*[1-9][0-9]{0,4}\s*/\s*(day|week|month)\s*"),
    PlainSerializer(str),
]
ChannelName = Annotated[
    str,
    _text(_channel),
    _schema(
        'a Slack channel in quotes: "#name"; or webhook, "webhook:name", "apprise:name"', _CHANNEL
    ),
]
Contact = Annotated[
    str, _text(_contact), _schema("an e-mail address or a web page", r"\S+@\S+|https?://\S+")
]
MailAddress = Annotated[str, _text(_sender), _schema("an e-mail address", r"\S+@\S+")]
PublicUrl = Annotated[
    str, _text(_public_url), _schema("https://watch.example.org", r"https://[^\s?#@]+")
]
HostName = Annotated[
    str, _text(_host_name), _schema("watch.example.org", r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
]
Weekly = Annotated[
    WeeklyTime,
    _text(_weekly, "a weekday and a time: mon 08:00, or daily 08:00"),
    _schema(
        "weekday and time: mon 08:00; every day: daily 08:00",
        r"\s*[A-Za-z]+ [0-9]{1,2}:[0-9]{2}\s*",
    ),
    PlainSerializer(str),
]
Hours = Annotated[
    tuple[time, time],
    _text(_hours, "from and until: 21:00-07:00"),
    _schema("from-until: 21:00-07:00", r"\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}\s*"),
    PlainSerializer(lambda pair: "-".join(f"{one:%H:%M}" for one in pair)),
]
HostPort = Annotated[
    tuple[str, int],
    _text(_host_port, "a host with its port: 10.0.0.5:8080"),
    _schema("host:port", r"\S+:[0-9]{1,5}"),
    PlainSerializer(lambda pair: f"{pair[0]}:{pair[1]}"),
]
Size = Annotated[
    int,
    PlainValidator(_size),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 1, "description": "25MB, or bytes"}),
]
Id = Annotated[str, _text(_id), _schema("a-z, 0-9 and - only", "[a-z0-9-]+")]
Said = Annotated[str, _text(_said), _schema("text", r"[\s\S]*\S[\s\S]*")]
Paces = Annotated[
    tuple[tuple[str, float], ...],
    PlainValidator(_paces),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": _LONGEST_PACE},
            "description": "seconds between two requests, by platform or by host",
        }
    ),
    PlainSerializer(dict),
]
DirectionWord = Annotated[Direction, _word(Direction), _words(Direction)]
PriorityWord = Annotated[Priority, _word(Priority), _words(Priority)]
ItemTypeWord = Annotated[ItemType, _word(ItemType), _words(ItemType)]
ShoutingWord = Annotated[Shouting, _word(Shouting), _words(Shouting)]
Jurisdiction = Annotated[
    str,
    _text(ocd),
    _schema("us, ny, ny/new_york, ny/county:kings, an OCD division id, or a court's id", r"\S.*"),
    PlainSerializer(short),
]
