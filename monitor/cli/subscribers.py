"""`subscribers`: who gets digests by e-mail. They are kept in the database, never in YAML."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import click

from monitor.addresses import mailbox, masked, without_addresses
from monitor.cli import Group
from monitor.cli.common import Desk, counted, now, print_json, say, table
from monitor.config import Config
from monitor.config.complaints import did_you_mean
from monitor.errors import ConfigError
from monitor.jurisdictions import ocd, short
from monitor.models import Frequency, Language, Subscriber
from monitor.store import BOUNCED, REMOVED, UNSUBSCRIBED, Joined, Joining, Store

COLUMNS = ("address", "name", "topics", "jurisdictions", "language", "frequency")
_LONGEST_NAME = 100
_LARGEST_FILE = 10_000_000
_SAID = {
    Joining.ADDED: "{} was added.",
    Joining.BACK: "{} is back.",
    Joining.CHANGED: "{} was known; its choices were changed.",
    Joining.SAME: "{} is there already, with the same choices.",
}


@click.group(cls=Group)
def subscribers() -> None:
    """Say who gets digests by e-mail, of what, and how often.

    Addresses are kept in the database only, and are shown in full by `list --full` alone.
    """


@subscribers.command()
@click.argument("address")
@click.option("--name", default="", help="As the message addresses them.")
@click.option("--topic", "topics", multiple=True, help="Only matters of this filter; repeatable.")
@click.option(
    "--in",
    "places",
    multiple=True,
    metavar="PLACE",
    help="Only there, with all within; repeatable.",
)
@click.option(
    "--language", type=click.Choice([one.value for one in Language]), default="en", help="en or es."
)
@click.option("--daily", is_flag=True, help="Digests that come daily, in place of weekly ones.")
@click.option("--again", is_flag=True, help="Also if they had left, or mail to them came back.")
@click.pass_obj
def add(
    desk: Desk,
    address: str,
    name: str,
    topics: tuple[str, ...],
    places: tuple[str, ...],
    language: str,
    *,
    daily: bool,
    again: bool,
) -> int:
    """Add a subscriber, or give one other choices.

    Where monitor.yaml has a `public_url`, they get a message first, and digests only once they
    have confirmed.
    """
    row = {
        "address": address,
        "name": name,
        "topics": " ".join(topics),
        "jurisdictions": " ".join(places),
        "language": language,
        "frequency": Frequency.DAILY.value if daily else Frequency.WEEKLY.value,
    }
    try:
        wanted = _read(row, desk.config)
    except ValueError as fault:
        raise click.UsageError(without_addresses(str(fault))) from fault
    with Store.open(desk.places.database) as store:
        joined = _join(store, wanted, desk.config, again=again)
    who = masked(joined.subscriber.address)
    if joined.how is Joining.LEFT:
        why = joined.subscriber.ended_why
        say(f"{who} has ended ({why}); if they ask for it themselves, say --again.")
        return 1
    click.echo(_SAID[joined.how].format(who) + _what_next(joined.subscriber))
    _warn(desk.config, [joined.subscriber])
    return 0


def _warn(config: Config, subscribers: Iterable[Subscriber]) -> None:
    """Tell the person of who would wait for ever: for a digest that never comes, or a topic."""
    wanted, known = list(subscribers), {one.topic for one in config.filters.filters}
    sent = {one.at.weekday is None for one in config.monitor.digests}
    for often in sorted({one.frequency for one in wanted}):
        if (often is Frequency.DAILY) not in sent:
            say(f"No digest in monitor.yaml comes {often}: until one does, they get none.")
    for topic in sorted({topic for one in wanted for topic in one.topics} - known):
        say(f"No filter is called '{topic}' any more: nobody gets anything for it.")


def _what_next(one: Subscriber) -> str:
    if one.confirmed_at is not None:
        return ""
    return " They are asked by mail to confirm; until then they get nothing else."


def _join(store: Store, wanted: Subscriber, config: Config, *, again: bool = False) -> Joined:
    """Add a subscriber; ask them first where there is a page on which they can say so."""
    asks = config.monitor.public_url is not None
    present = now()
    with store.transaction():
        joined = store.subscribers.add(wanted, present, confirmed=not asks, again=again)
        one = joined.subscriber
        if one.ended_at is None and one.confirmed_at is None and joined.how is not Joining.SAME:
            store.mailings.invite(one.id, present)
    return joined


@subscribers.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def import_(desk: Desk, file: Path) -> int:
    """Add all subscribers of a CSV file; nothing is added while a line of it is wrong.

    Its first line names the columns: address, and where wanted name, topics, jurisdictions,
    language (en, es), frequency (weekly, daily). Several topics or places of one subscriber are
    parted by blanks. Who has left stays away.
    """
    wanted, complaints = _read_file(file, desk.config)
    if complaints:
        raise ConfigError(tuple(complaints))
    found: list[Joined] = []
    with Store.open(desk.places.database) as store, store.transaction(durable=True):
        for line in wanted:
            joined = _join(store, line.subscriber, desk.config)
            found.append(joined)
            if joined.how is Joining.LEFT:
                who, why = masked(joined.subscriber.address), joined.subscriber.ended_why
                say(f"{file.name}:{line.number}: {who} has ended ({why}), and stays away.")
    for how, words in (
        (Joining.ADDED, "added"),
        (Joining.BACK, "back"),
        (Joining.CHANGED, "changed"),
        (Joining.SAME, "known already"),
        (Joining.LEFT, "left out"),
    ):
        if number := len([one for one in found if one.how is how]):
            click.echo(f"{counted(number, 'subscriber')} {words}.")
    if [one for one in found if one.subscriber.confirmed_at is None]:
        click.echo("Who is new is asked by mail to confirm.")
    _warn(desk.config, [one.subscriber for one in found])
    return 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A subscriber, and the line that it stands on."""

    number: int
    subscriber: Subscriber


def _read_file(file: Path, config: Config) -> tuple[list[_Line], list[str]]:
    """Read a CSV file; return its subscribers, and what is wrong with it, by line."""
    try:
        if file.stat().st_size > _LARGEST_FILE:
            return [], [f"{file}: larger than 10 MB (split it)"]
        text = file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        return [], [f"{file}: {fault.strerror}"]
    except UnicodeDecodeError:
        return [], [f"{file}: not UTF-8 (save it as “CSV UTF-8”)"]
    return _read_rows(file.name, text, config)


def _read_rows(name: str, text: str, config: Config) -> tuple[list[_Line], list[str]]:
    first = text.partition("\n")[0]
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    found: list[_Line] = []
    complaints: list[str] = []
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        complaints += [f"{name}:1: {fault}" for fault in _wrong_heading(heading)]
        for cells in () if complaints else reader:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                found.append(_Line(reader.line_num, _read(_row(heading, cells), config)))
            except ValueError as fault:
                # An address may have slipped into another column.
                complaints.append(f"{name}:{reader.line_num}: {without_addresses(str(fault))}")
    except csv.Error as fault:
        complaints.append(f"{name}:{reader.line_num}: {fault}")
    return found, [*complaints, *_twice(name, found)]


def _wrong_heading(heading: list[str]) -> Iterator[str]:
    if "address" not in heading:
        yield f"no column is called address (the first line names them: {', '.join(COLUMNS)})"
        return
    for column in heading:
        if column not in COLUMNS:
            # It may be an address, in a file without a heading.
            shown = masked(column) if "@" in column else column
            yield f"unknown column '{shown}'{did_you_mean(column, COLUMNS)}"
        elif heading.count(column) > 1:
            yield f"the column {column} stands there twice"


def _row(heading: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(heading):
        raise ValueError(f'{len(cells)} values for {len(heading)} columns (put those with , in ")')
    return dict(zip(heading, cells, strict=False))


def _twice(name: str, lines: list[_Line]) -> Iterator[str]:
    first: dict[str, int] = {}
    for line in lines:
        known = first.setdefault(line.subscriber.address.casefold(), line.number)
        if known != line.number:
            yield f"{name}:{line.number}: the address stands on line {known} already"


def _read(row: dict[str, str], config: Config) -> Subscriber:
    """Read a subscriber; raises ValueError, which never repeats the address."""
    given = {column: value.strip() for column, value in row.items()}
    topics = _words(given.get("topics", ""))
    known = tuple(one.topic for one in config.filters.filters)
    for topic in topics:
        if topic not in known:
            raise ValueError(f"there is no filter '{topic}'{did_you_mean(topic, known)}")
    name = given.get("name", "")
    if not name.isprintable() or len(name) > _LONGEST_NAME:
        raise ValueError("the name holds a line break, or is longer than 100 letters")
    return Subscriber(
        0,
        mailbox(given.get("address", "")),
        name,
        topics,
        tuple(ocd(place) for place in _words(given.get("jurisdictions", ""))),
        Language(_choice("language", given, tuple(Language))),
        Frequency(_choice("frequency", given, (Frequency.WEEKLY, Frequency.DAILY))),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,;|]+", text) if word)


def _choice(column: str, given: dict[str, str], known: tuple[str, ...]) -> str:
    """Read one of several words; the first one where nothing is said."""
    word = given.get(column, "").lower() or known[0]
    if word not in known:
        raise ValueError(f"the {column} '{word}' is not known ({' or '.join(known)})")
    return word


@subscribers.command()
@click.argument("address")
@click.option("--erase", is_flag=True, help="Forget the address, and which copies it got.")
@click.pass_obj
def remove(desk: Desk, address: str, *, erase: bool) -> int:
    """Send a subscriber nothing more."""
    return _end(desk, address, REMOVED, erase=erase)


@subscribers.command()
@click.argument("address")
@click.pass_obj
def bounce(desk: Desk, address: str) -> int:
    """Send nothing more to an address whose mail came back to you."""
    return _end(desk, address, BOUNCED)


@subscribers.command()
@click.argument("address_or_token")
@click.pass_obj
def unsubscribe(desk: Desk, address_or_token: str) -> int:
    """Send nothing more to who asked for that; an imported list does not bring them back."""
    return _end(desk, address_or_token, UNSUBSCRIBED)


def _end(desk: Desk, given: str, why: str, *, erase: bool = False) -> int:
    with desk.store_to_change() as store:
        found = _found(store, given)
        if found is None:
            return 2
        ended = store.subscribers.end(found.id, why, now())
        if erase:
            store.subscribers.erase(found.id)
    who = masked(found.address)
    if erase:
        click.echo(f"{who} was forgotten.")
    else:
        click.echo(f"{who} gets nothing more." if ended else f"{who} had ended before.")
    return 0


@subscribers.command()
@click.argument("token")
@click.pass_obj
def confirm(desk: Desk, token: str) -> int:
    """Confirm a subscriber by the line that they sent back, or by their address."""
    with desk.store_to_change() as store:
        found = _found(store, token)
        if found is None:
            return 2
        confirmed = store.subscribers.confirm(found.token, now())
    if confirmed is None:
        say(f"{masked(found.address)} has ended ({found.ended_why}); nothing was changed.")
        return 1
    click.echo(f"{masked(found.address)} gets digests.")
    return 0


def _found(store: Store, given: str) -> Subscriber | None:
    """Find a subscriber by address or token; tells the person where there is none."""
    try:
        found = store.subscribers.find(given) if "@" in given else store.subscribers.named(given)
    except ValueError as fault:
        say(f"This is no address: {fault}.")
        return None
    if found is None:
        say("There is no such subscriber; `monitor subscribers list --full` shows them.")
    return found


@subscribers.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those who have left.")
@click.option("--full", is_flag=True, help="Show addresses and names in full.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(desk: Desk, *, everything: bool, full: bool, as_json: bool) -> int:
    """List subscribers; addresses are masked unless --full."""
    with desk.store() as store:
        found = store.subscribers.listed(ended=everything)
    if as_json:
        print_json([shown(one, full=full) for one in found])
    elif not found:
        click.echo("No subscribers yet; `monitor subscribers add ADDRESS` adds one.")
    else:
        table(
            ("ID", "ADDRESS", "STANDING", "OFTEN", "LANGUAGE", "TOPICS", "PLACES"),
            [
                (
                    str(one.id),
                    one.address if full else masked(one.address),
                    standing(one),
                    one.frequency.value,
                    one.language.value,
                    " ".join(one.topics) or "all",
                    " ".join(map(short, one.jurisdictions)) or "all",
                )
                for one in found
            ],
        )
        _warn(desk.config, [one for one in found if one.ended_at is None])
    return 0


def standing(one: Subscriber) -> str:
    """Say in a word whether a subscriber gets digests."""
    if one.ended_at is not None:
        return one.ended_why
    return "invited" if one.confirmed_at is None else "confirmed"


def shown(one: Subscriber, *, full: bool) -> dict[str, object]:
    """Lay a subscriber out for --json; without its token, which is for its own mail."""
    return {
        "id": one.id,
        "address": one.address if full else masked(one.address),
        "name": one.name if full else "",
        "standing": standing(one),
        "topics": one.topics,
        "jurisdictions": tuple(map(short, one.jurisdictions)),
        "language": one.language,
        "frequency": one.frequency,
        "confirmed_at": one.confirmed_at,
        "ended_at": one.ended_at,
    }
