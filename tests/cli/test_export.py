"""`monitor export`: matters and dates for other programs."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import feedparser
import pytest
from icalendar import Calendar

from monitor.config import load
from monitor.exporting import authority_of
from monitor.models import Hearing, ItemType
from monitor.store import Store
from tests.cli.conftest import Command
from tests.end_to_end.world import World
from tests.store.builders import item, match

# The command asks the clock: the made-up hearing lies ahead of whenever the tests run.
AHEAD = datetime.now(UTC).replace(microsecond=0) + timedelta(days=20)
PLACE = "ocd-division/country:us/state:ny/place:new_york"


def hearing(starts: datetime) -> Hearing:
    """Make a hearing."""
    return Hearing("hearing", starts, "America/New_York", "Room 1")


def see(world: World, starts: datetime) -> None:
    """Let a poll find a council's item with its hearing."""
    with Store.open(world.root / "state" / "monitor.db") as store:
        found = item("1", title="=1+1; a hearing", hearings=(hearing(starts),), jurisdiction=PLACE)
        store.items.merge(found, datetime.now(UTC), (match(),))


@pytest.fixture
def seen(world: World, monitor: Command) -> Command:
    """Let a council's hearing and a newspaper's story be stored."""
    assert monitor("once").status == 0
    see(world, AHEAD)
    return monitor


def test_json(seen: Command, world: World) -> None:
    """To the screen, one document; to a file with --to, whole."""
    ran = world.monitor("export", "--format", "json")
    assert ran.status == 0, ran.err
    assert {one["title"] for one in ran.json["matters"]} >= {"=1+1; a hearing"}
    assert len(ran.json["dates"]) == 1
    target = world.root / "out.json"
    told = seen("export", "--format", "json", "--to", str(target))
    assert told.status == 0
    assert "1 date" in told.err
    assert json.loads(target.read_text(encoding="utf-8"))["dates"] == ran.json["dates"]
    assert sorted(path.name for path in world.root.glob("*out.json*")) == ["out.json"]


def test_csv(seen: Command, world: World) -> None:
    """A file has the mark by which Excel knows UTF-8; formulas are text."""
    target = world.root / "out.csv"
    assert seen("export", "--format", "csv", "--to", str(target)).status == 0
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfrecord,matter,")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["title"] for row in rows if row["record"] == "date"} == {"'=1+1; a hearing"}


def test_atom(seen: Command, world: World) -> None:
    """Ids are made with the contact of monitor.yaml."""
    target = world.root / "out.atom"
    assert seen("export", "--format", "atom", "--to", str(target)).status == 0
    read = feedparser.parse(target.read_bytes())
    assert not read.bozo
    contact = load(world.root, {}).monitor.contact
    assert len(read.entries) > 1
    assert all(
        one.id.startswith(f"tag:{authority_of(contact)},2026:matter/") for one in read.entries
    )


def test_a_calendar_that_is_exported_again_replaces_the_first(seen: Command, world: World) -> None:
    """The moved hearing has the same name and a higher number."""
    events = []
    for starts in (AHEAD, AHEAD, AHEAD + timedelta(days=1)):
        see(world, starts)
        target = world.root / "out.ics"
        assert seen("export", "--format", "ics", "--to", str(target)).status == 0
        events += Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 0, 1]


def test_only_what_is_asked_for(seen: Command, world: World) -> None:
    """By place, topic and age."""
    target = world.root / "out.json"
    for chosen, dates in (
        (("--in", "ny"), 1),
        (("--in", "tx"), 0),
        (("--topic", "287g"), 1),
        (("--topic", "detainers"), 0),
        (("--since", "1h"), 1),
    ):
        assert seen("export", "--format", "json", *chosen, "--to", str(target)).status == 0
        read = json.loads(target.read_text(encoding="utf-8"))
        assert len(read["dates"]) == dates, chosen
        councils = [one for one in read["matters"] if one["type"] == ItemType.COUNCIL_ITEM]
        assert len(councils) == dates, chosen


def test_wrong_wishes_are_refused(seen: Command, world: World) -> None:
    """With the cure; a file that cannot be written is told."""
    assert seen("export").status == 2
    assert seen("export", "--format", "xls").status == 2
    assert seen("export", "--format", "json", "--in", "xx").status == 2
    nowhere = world.root / "no" / "folder" / "out.json"
    ran = seen("export", "--format", "json", "--to", str(nowhere))
    assert ran.status == 1
    assert "out.json" in ran.err


@pytest.mark.parametrize(
    ("contact", "authority"),
    [
        ("team@example.org", "team@example.org"),
        ("https://team.example.org/about", "team.example.org"),
        ("mailto:team@example.org", "team@example.org"),
    ],
)
def test_the_authority_of_ids(contact: str, authority: str) -> None:
    """A domain name or an e-mail address (RFC 4151)."""
    assert authority_of(contact) == authority


def test_the_folder_of_the_target_keeps_nothing_else(seen: Command, tmp_path: Path) -> None:
    """No half-written file stays beside."""
    folder = tmp_path / "exports"
    folder.mkdir()
    assert seen("export", "--format", "csv", "--to", str(folder / "a.csv")).status == 0
    assert [path.name for path in folder.iterdir()] == ["a.csv"]
