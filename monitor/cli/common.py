"""What the commands share: the desk with configuration and state, logging, listings, prompts."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from enum import Enum
from functools import cached_property
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, TextIO

import click

from monitor.cli.terminal import escaped
from monitor.config import Config, Source, load, secrets
from monitor.jurisdictions import ocd
from monitor.station import Places, Station
from monitor.store import Store

log = logging.getLogger(__name__)

LEAST_ROOM = 24
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass
class Desk:
    """One command's view of the world: where configuration and state are, loaded when asked."""

    config_dir: Path
    state_dir: Path

    @cached_property
    def config(self) -> Config:
        """Load and validate the configuration once; raises ConfigError."""
        return load(self.config_dir, os.environ)

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """Read the secrets from the environment and from the files named by `…_FILE`."""
        needs = {name for source in self.config.sources for name in source.connector.needs}
        return secrets(os.environ, needs)

    def missing_keys(self, source: Source) -> tuple[str, ...]:
        """Name the environment variables that a source needs and that are not set."""
        return tuple(name for name in source.connector.needs if not self.secrets.get(name))

    @property
    def places(self) -> Places:
        """Say where this monitor keeps its things."""
        return Places(self.state_dir)

    def station(self, replay: Sequence[Path] = (), out: TextIO | None = None) -> Station:
        """Put the monitor together, its alerts printed to `out`; raises ConfigError."""
        return Station(self.config, self.places, self.secrets, replay, out)

    def jurisdiction(self, place: str) -> str:
        """Read a place as people write it (ny, ny/new_york, cand); "" stays ""."""
        try:
            return ocd(place) if place else ""
        except ValueError as fault:
            raise click.BadParameter(str(fault)) from fault

    def store(self) -> Store:
        """Open the database for looking; raises StoreError where there is none yet."""
        return Store.open(self.places.database, read_only=True)

    def store_to_change(self) -> Store:
        """Open the database for changing; raises StoreError where there is none yet."""
        self.store().close()
        return Store.open(self.places.database)


def now() -> datetime:
    """Return the present moment: commands ask the clock, stages are told."""
    return datetime.now(UTC)


def print_json(value: Any) -> None:
    """Print one JSON document on stdout; dataclasses, enums and times as plain values."""
    click.echo(escaped(json.dumps(value, default=plain, ensure_ascii=False, indent=2)))


def print_json_line(value: Any) -> None:
    """Print one line of JSON Lines."""
    click.echo(escaped(json.dumps(value, default=plain, ensure_ascii=False)))


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows; for json.dumps(default=…)."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def say(text: str) -> None:
    """Tell the person at the terminal something that is not the command's result."""
    click.echo(text, err=True)


def unknown_source(name: str, ids: Iterable[str]) -> str:
    """Say that no source has this id, and which one was probably meant."""
    near = get_close_matches(name, list(ids), n=1)
    meant = f" (did you mean '{near[0]}'?)" if near else " (`monitor sources list` names them)"
    return f"sources.yaml has no source '{name}'{meant}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Count things in words: "1 source", "3 sources"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns on stdout; a terminal gets the last one wrapped within its column."""
    if not rows:
        return
    widths = [max(len(str(row[i])) for row in [headings, *rows]) for i in range(len(headings) - 1)]
    indent = sum(widths) + 2 * len(widths)
    room = get_terminal_size().columns - indent if sys.stdout.isatty() else 0
    for number, row in enumerate([headings, *rows]):
        cells = [str(cell).ljust(width) for cell, width in zip(row, widths, strict=False)]
        last = wrap(str(row[-1]), room) if room >= LEAST_ROOM else [str(row[-1])]
        line = "  ".join([*cells, ("\n" + " " * indent).join(last)]).rstrip()
        click.echo(click.style(line, bold=True) if number == 0 and sys.stdout.isatty() else line)


class Age(click.ParamType[timedelta]):
    """An age such as 90m, 48h, 7d or 2w."""

    name = "AGE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read an age; click reports the cure where it cannot be read."""
        if isinstance(value, timedelta):
            return value
        text = str(value).strip().lower()
        if not (text[:-1].isdigit() and text[-1:] in UNITS):
            self.fail(f"{value!r} is no age; write for example 90m, 48h, 7d or 2w", param, ctx)
        return timedelta(**{UNITS[text[-1]]: int(text[:-1])})


def write_whole(content: bytes, target: Path) -> None:
    """Write a file whole, or not at all."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def ago(then: datetime | None, present: datetime) -> str:
    """Say how long ago something was, in one short word."""
    if then is None:
        return "never"
    return span(present - then) + " ago" if then <= present else "in " + span(then - present)


def span(length: timedelta) -> str:
    """Say a length of time in its largest fitting unit: 40s, 12m, 5h, 3d."""
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size * 2 or (seconds >= size and unit != "d"):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


class JsonLines(logging.Formatter):
    """Writes each log record as one line of JSON, with its facts as fields."""

    _known = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """Render one record; values that JSON does not know become text.

        Whose record it is is said where it is not ours.
        """
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _message(record),
        }
        if record.name and not record.name.startswith("monitor"):
            line["from"] = record.name
        line |= {k: v for k, v in vars(record).items() if k not in self._known | line.keys()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        try:
            return escaped(json.dumps(line, default=str, ensure_ascii=False, allow_nan=False))
        except (TypeError, ValueError):  # what holds itself, keys that are no text, or no number
            told = {k: v if isinstance(v, str) else repr(v) for k, v in line.items()}
            return escaped(json.dumps(told, ensure_ascii=False))


def _message(record: logging.LogRecord) -> str:
    """Put a record's words together; a library's mistake in its own costs us no line."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"


class TextLines(logging.Formatter):
    """Writes log records for a person: time, event, facts."""

    _known = JsonLines._known  # noqa: SLF001 - the same list, for the other form

    def format(self, record: logging.LogRecord) -> str:
        """Render one record on one line, its facts behind the event."""
        facts = " ".join(f"{k}={v}" for k, v in vars(record).items() if k not in self._known)
        text = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {_message(record)}"
        text = f"{text}  {facts}".rstrip().replace("\n", "\\n")  # one record stays one line
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def set_up_logging(verbose: int) -> None:
    """Log to stderr: text on a terminal, JSON Lines otherwise."""
    terminal = sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines() if terminal else JsonLines())
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_bug
    # These libraries log URLs, which may carry a key.
    for noisy in ("httpx", "httpcore", "slack_sdk", "apscheduler", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _log_bug(died: threading.ExceptHookArgs) -> None:
    """Say of a thread that died of a bug what all else is said in: one line of the log."""
    if died.exc_type is SystemExit or died.exc_value is None:
        return
    where = died.thread.name if died.thread else ""
    what = (died.exc_type, died.exc_value, died.exc_traceback)
    log.critical("bug in a thread", extra={"thread_name": where}, exc_info=what)
