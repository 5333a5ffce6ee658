"""ICE's real workbooks, in order through the pipeline: what joins, changes and ends."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors._ice_287g_roster import Agreement, agreements
from monitor.connectors.ice_287g import Ice287g
from monitor.documents.workbooks import Sheet, read_workbook
from monitor.matching import Filter, FilterSet
from monitor.models import Alert, ChangeKind, Item, Outcome, Request, Response, Validators
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import Store, StoredItem
from tests.connectors.feed_visit import NOW

WORKBOOK = "https://www.ice.gov/file-download/download/public/1"
PAGE = f"<a href='{WORKBOOK}'>View 287(g) Participating Agencies</a>".encode()
FILTERS = FilterSet((Filter("287g", "287(g) agreements", '"287(g)"'),))
MODELS = {"Jail Enforcement Model", "Task Force Model", "Warrant Service Officer"}
STATES = {"pennslyvania": "pennsylvania", "utahj": "utah"}
# Left in July 2025, and signed again.
BACK = ("texas", "southside place police department", "task force model")
HOSTS = {"www.ice.gov"}
Key = tuple[str, str, str]


def taken_at(path: Path) -> str:
    """Say when a workbook was public, by its name: the time of its download, or its own date."""
    name = path.name
    if found := re.match(r"sheets_(\d{8})_(\d{6})", name):
        return found[1] + found[2]
    if found := re.search(r"-(\d{14})", name):
        return found[1]
    found = re.search(r"(\d\d)(\d\d)(\d{4})([ap])m", name)
    assert found, name
    return f"{found[3]}{found[1]}{found[2]}{'12' if found[4] == 'a' else '20'}0000"


def sheet(path: Path) -> Sheet:
    """Open a workbook's only sheet."""
    (only,) = read_workbook(path.read_bytes(), path.name)
    return only


@cache
def by_hand(path: Path) -> set[Key]:
    """List a workbook's rows without the connector's rules.

    Only case, blanks, apostrophes and two misspelled states are evened out.
    """
    heading, *rows = sheet(path).rows
    names = [str(cell).strip().upper() for cell in heading]
    columns = [names.index(name) for name in ("STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE")]

    def plain(cell: object) -> str:
        return " ".join(str(cell).replace("\u2019", "'").lower().split())

    keys = [tuple(plain(row[column]) for column in columns) for row in rows]
    return {(STATES.get(key[0], key[0]), key[1], key[2]) for key in keys if any(key)}


@dataclass
class Ice:
    """Polls ICE, whose page always links the workbook that `path` is."""

    store: Store
    now: datetime = datetime(2025, 2, 24, 20, tzinfo=UTC)
    path: Path = Path()
    polls: list[Recorded] = field(default_factory=list)

    def stored(self) -> list[StoredItem]:
        """Return all items that the list ever brought."""
        return list(self.store.items.stored(source="ice-287g"))

    def told(self) -> list[Alert]:
        """Return all alerts, in their order."""
        return [alert for poll in self.polls for alert in poll.alerts]

    def former_offices(self, item: int) -> set[str]:
        """Return what an item's agency was called before."""
        changes = [one for past in self.store.items.revisions(item) for one in past.fields]
        return {one.old.lower() for one in changes if one.name == "office"}

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer with the page or the workbook."""
        assert last is None
        body = self.path.read_bytes() if request.url == WORKBOOK else PAGE
        return Response(request, request.url, 200, (), body, self.now)

    def poll(self, path: Path) -> Recorded:
        """Poll once."""
        self.path = path
        self.now += timedelta(hours=6)
        source = Source(
            id="ice-287g",
            name="ICE",
            kind="ice_287g",
            connector=Ice287g(),
            jurisdiction="ocd-division/country:us",
            every=timedelta(hours=6),
            cron="",
            timezone="America/New_York",
        )
        task = prepare(self.store, source, self.now, pace=0.0)
        collected = collect(task, self, FILTERS)
        assert collected.outcome is not Outcome.FAILED, collected.reason
        assert collected.refusals == ()
        rules = Rules(Routing("#alerts"), cap=10_000, queued=False)
        self.polls.append(record(self.store, None, source, collected, rules))
        return self.polls[-1]


@pytest.fixture(scope="module")
def workbooks(shared: Path) -> list[Path]:
    """List the workbooks of agreements since February 2025, in the order of time."""
    found = (shared / "recordings" / "ice-287g").glob("*participatingAgencies*.xlsx")
    return sorted(found, key=taken_at)


@pytest.fixture(scope="module")
def ice(tmp_path_factory: pytest.TempPathFactory, workbooks: list[Path]) -> Iterator[Ice]:
    """Poll all of them, the last one three times, so that what it lacks is gone."""
    with Store.open(tmp_path_factory.mktemp("ice") / "monitor.db") as store:
        ice = Ice(store)
        for path in [*workbooks, workbooks[-1], workbooks[-1]]:
            ice.poll(path)
        yield ice


def counts(shared: Path) -> dict[str, int]:
    """Read the number of rows of each file as the manifest has it."""
    with (shared / "recordings" / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        return {
            Path(line["file"]).name: int(line["item_count"].split()[0])
            for line in csv.DictReader(lines, delimiter="\t")
            if line["file"].startswith("ice-287g/") and line["file"].endswith(".xlsx")
        }


def test_every_workbook_is_read_to_its_last_row(shared: Path) -> None:
    """All 67: rebuilt, real, pending; the manifest counts formatted blank rows as well."""
    stated = counts(shared)
    read = 0
    for path in sorted((shared / "recordings" / "ice-287g").glob("*.xlsx")):
        only = sheet(path)
        rows = list(agreements(only, path.name, NOW))
        filled = sum(any(str(cell).strip() for cell in row) for row in only.rows) - 1
        assert all(isinstance(row, Agreement) for row in rows), path.name
        assert len(rows) == filled, path.name
        assert stated[path.name] - 75 <= filled <= stated[path.name], path.name
        read += 1
    assert read == len(stated) == 67


def test_every_agreement_is_placed_and_dated(workbooks: list[Path]) -> None:
    """Each state is known, each model one of three; one day cannot be meant."""
    undated: Counter[str] = Counter()
    for path in workbooks[::2]:
        for row in agreements(sheet(path), path.name, NOW):
            assert isinstance(row, Agreement)
            assert row.state, row
            assert row.model in MODELS
            undated[row.signed_said] += row.signed is None
            for link in (row.moa, row.addendum):
                assert not link or urlsplit(link).hostname in HOSTS, link
    assert set(+undated) == {"5025-07-07"}


def test_hidden_rows_are_agreements_too(shared: Path) -> None:
    """A filter was left on when the workbook was published; 431 rows do not show."""
    path = shared / "recordings" / "ice-287g" / "participatingAgencies07242025pm_b.xlsx"
    assert len(list(agreements(sheet(path), path.name, NOW))) == 865


def test_the_list_is_right_after_fourteen_months(ice: Ice, workbooks: list[Path]) -> None:
    """Each row of the last workbook is one item, and no other item is left."""
    live = [one.item for one in ice.stored() if one.gone_at is None]
    last = by_hand(workbooks[-1])
    assert len(live) == len(last) == 1770
    assert {named(item) for item in live} == last


def test_what_joined_is_told_once(ice: Ice) -> None:
    """151 agreements were there at first, without a word; 1,686 joined, each with one alert."""
    assert (ice.polls[0].new, ice.polls[0].alerts) == (151, ())
    joined = [poll.new for poll in ice.polls[1:]]
    assert joined[:8] == [88, 0, 141, 49, 17, 74, 0, 118]
    assert sum(joined) == 1686
    told = [alert for alert in ice.told() if alert.change is ChangeKind.NEW]
    assert len(told) == 1686
    assert len(ice.stored()) == 151 + 1686


def test_no_departure_is_false(ice: Ice, workbooks: list[Path]) -> None:
    """Who is told to be gone is listed by no workbook of the next three, comparing by hand.

    68 departures; a sheriff who left in July 2025 came back in February.
    """
    rows = [by_hand(path) for path in [*workbooks, workbooks[-1], workbooks[-1]]]
    departed = 0
    for number, poll in enumerate(ice.polls):
        for alert in poll.alerts:
            if alert.change is not ChangeKind.GONE:
                continue
            assert alert.item is not None
            departed += 1
            key = named(alert.item)
            assert key in rows[number - 3], key
            assert not any(key in listed for listed in rows[number - 2 : number + 1]), key
    assert departed == 68
    assert sum(one.gone_at is not None for one in ice.stored()) == 67


def test_every_departure_is_told(ice: Ice, workbooks: list[Path]) -> None:
    """A row that by hand vanished for good is told as gone, or lives on under another name.

    With the typing errors of states, counties and agencies, ICE changed the spelling of 40 rows.
    """
    rows = [by_hand(path) for path in workbooks]
    vanished = set().union(*rows) - rows[-1]
    gone = {named(one.item) for one in ice.stored() if one.gone_at is not None}
    assert len(vanished & gone) == 66
    assert gone - vanished == {BACK}
    former = {name for one in ice.stored() for name in ice.former_offices(one.id)}
    still = {agency for _, agency, _ in rows[-1]}
    for key in vanished - gone:
        assert key[1] in former | still, key


def test_bucks_county_is_gone_at_the_third_absence(ice: Ice, workbooks: list[Path]) -> None:
    """Its row left on 15 January 2026; the workbooks of the 15th, 16th and 20th lack it."""
    told = [
        path.name
        for path, poll in zip(workbooks, ice.polls, strict=False)
        for alert in poll.alerts
        if alert.change is ChangeKind.GONE and "Bucks County Sheriff's Office" in alert.headline
    ]
    assert told == ["participatingAgencies01202026am.xlsx"]


def test_maryland_left_in_february_2026(ice: Ice) -> None:
    """Seven agencies of one state ended their agreements within a month."""
    gone = Counter(one.item.key[:2] for one in ice.stored() if one.gone_at is not None)
    assert gone["md"] == 7


def named(item: Item) -> Key:
    """Write an item's state, agency and model as `by_hand` writes them."""
    state = dict(item.noise)["state"]
    return state.lower(), item.office.lower(), dict(item.facts)["support type"].lower()
