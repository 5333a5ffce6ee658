"""Collect, record: what one poll brings, and what becomes of it."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors import BaseConnector
from monitor.connectors.rss import Rss
from monitor.errors import FetchError, SoftError, Throttled
from monitor.fetch import Archive, FetchSettings, HttpFetcher
from monitor.matching import Filter, FilterSet
from monitor.models import (
    Collected,
    Entry,
    ItemType,
    Mark,
    Outcome,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
    Validators,
)
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import DeliveryState, Store
from monitor.visit import Task

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILTERS = FilterSet((Filter("287g", "287(g) agreements", "287g OR detainer"),))
RULES = Rules(Routing("#alerts", health="#health"))
LIST = "https://town.example.org/list"


class Bulletin(BaseConnector):
    """A made-up publisher whose answers are lines: `key|title`, `page=…`, `mark=…`, `bad`."""

    kind: ClassVar[str] = "bulletin"
    conditional: bool = True
    optional_pages: bool = False

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the list, from the last mark on."""
        yield Request(LIST + poll.mark("since"), conditional=self.conditional)

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the lines."""
        del poll
        for line in response.body.decode().splitlines():
            if line == "soft":
                raise SoftError(response.url, "an error page")
            if line == "bug":
                raise ZeroDivisionError
            yield self._parsed(line)

    def _parsed(self, line: str) -> Parsed:
        word, _, rest = line.partition("=")
        if word == "page":
            return Request(rest, optional=self.optional_pages)
        if word == "mark":
            return Mark("since", rest)
        if word == "bad":
            return Refusal("a line", "it is bad")
        key, _, title = line.partition("|")
        muted = "clerical" if "muted" in title else ""
        watched = "a case" if "watched" in title else ""
        kind = ItemType.PRESS_RELEASE
        return Entry(kind, key, title, published=NOW, muted=muted, watched=watched)


class Window(Bulletin):
    """The same, of which only the newest entries are shown."""

    kind: ClassVar[str] = "window"
    window: ClassVar[bool] = True


class Register(Bulletin):
    """The same, which always shows all that holds."""

    kind: ClassVar[str] = "register"
    lists_all: ClassVar[bool] = True


class Increments(Bulletin):
    """The same, which shows what changed since the last poll."""

    kind: ClassVar[str] = "increments"
    increments: ClassVar[bool] = True


class Answers:
    """Answers requests from a table of texts or errors, and remembers what was asked."""

    def __init__(self, table: dict[str, str | Exception]) -> None:
        self.table = table
        self.asked: list[tuple[str, Validators | None]] = []

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request; a text that the validators know is unchanged."""
        self.asked.append((request.url, last))
        answer = self.table[request.url]
        if isinstance(answer, Exception):
            raise answer
        same = last is not None and last.sha256 == answer
        body = b"" if same else answer.encode()
        return Response(request, request.url, 200, (), body, NOW, same, Validators(sha256=answer))


def source(connector: BaseConnector | None = None, **changes: Any) -> Source:
    """Make a source that reads the bulletin."""
    made = Source(
        id="town",
        name="The Town",
        kind="bulletin",
        connector=connector or Bulletin(),
        jurisdiction="ocd-division/country:us/state:ny",
        every=HOUR,
        cron="",
        timezone="America/New_York",
    )
    return replace(made, **changes)


def visit(table: dict[str, str | Exception], connector: BaseConnector | None = None) -> Collected:
    """Poll once, as for the first time."""
    return collect(Task(source(connector), Poll(NOW)), Answers(table), FILTERS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new database."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


class Town:
    """Polls one source into a store, an hour apart."""

    def __init__(self, store: Store, connector: BaseConnector | None = None) -> None:
        self.store = store
        self.source = source(connector)
        self.now = NOW
        self.rules = RULES
        self.archive: Archive | None = None

    def poll(self, answer: str | Exception, more: Sequence[tuple[str, str]] = ()) -> Recorded:
        """Poll once, and let an hour pass."""
        task = prepare(self.store, self.source, self.now, pace=0.0)
        table: dict[str, str | Exception] = {LIST + task.poll.mark("since"): answer, **dict(more)}
        collected = collect(task, Answers(table), FILTERS)
        self.now += HOUR
        return record(self.store, self.archive, self.source, collected, self.rules)

    def queued(self) -> list[str]:
        """Name what is queued, in order."""
        rows = self.store.outbox.listed((DeliveryState.QUEUED,))
        return [row.alert.headline for row in reversed(rows)]


@pytest.fixture
def town(store: Store) -> Town:
    """Make a town whose list can be polled."""
    return Town(store)


# ------------------------------------------------------------------------------------- collect


def test_collecting_brings_items_with_the_filters_that_hold() -> None:
    """Each entry becomes an item; those that match say why."""
    found = visit({LIST: "1|A detainer\n2|A picnic"})
    assert found.outcome is Outcome.CHANGED
    assert [(one.item.title, len(one.matches)) for one in found.fresh] == [
        ("A detainer", 1),
        ("A picnic", 0),
    ]


def test_task_filters_and_result_can_be_pickled() -> None:
    """So collecting can run in another process, or on another machine."""
    settings = FetchSettings("tests@example.org")
    feed = source(Rss(url="https://town.example.org/feed"))
    for value in (Task(feed, Poll(NOW)), FILTERS, HttpFetcher(settings, {})):
        assert pickle.loads(pickle.dumps(value)) is not None  # noqa: S301 - our own bytes
    found = visit({LIST: "1|A detainer"})
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


def test_further_pages_are_followed_in_order() -> None:
    """A page may ask for another; all their entries come together."""
    found = visit({LIST: "1|One\npage=https://b/", "https://b/": "2|Two"})
    assert found.seen == ("1", "2")
    assert found.requests == 2
    assert [one.answer for one in found.fresh] == [0, 1]


def test_a_known_fingerprint_is_dropped() -> None:
    """What is known is neither matched nor recorded again."""
    first = visit({LIST: "1|A detainer"})
    known = {one.item.key: one.item.fingerprint for one in first.fresh}
    task = Task(source(), Poll(NOW, first=False), known)
    again = collect(task, Answers({LIST: "1|A detainer"}), FILTERS)
    assert again.outcome is Outcome.UNCHANGED
    assert again.fresh == ()
    assert again.seen == ("1",)


def test_a_failed_page_keeps_what_was_read_but_no_mark() -> None:
    """The next poll asks for everything again, and nothing that was read is lost."""
    fault = FetchError("https://b/", "the server is down", 500)
    found = visit({LIST: "1|One\nmark=/2026\npage=https://b/", "https://b/": fault})
    assert found.outcome is Outcome.FAILED
    assert found.reason == "the server is down"
    assert [one.item.key for one in found.fresh] == ["1"]
    assert found.cursor == ()
    assert found.validators == ()


def test_an_optional_page_that_fails_is_a_warning() -> None:
    """The poll stands, and says what it could not read."""
    table: dict[str, str | Exception] = {
        LIST: "1|One\npage=https://b/",
        "https://b/": FetchError("b", "gone", 404),
    }
    found = visit(table, Bulletin(optional_pages=True))
    assert found.outcome is Outcome.CHANGED
    assert found.warnings == ("b: gone",)


def test_a_publisher_that_asks_for_a_pause_ends_the_poll_even_on_an_optional_page() -> None:
    """Going on would be what it asked not to do."""
    pause = Throttled("b", "too many requests", 429, timedelta(seconds=90))
    table: dict[str, str | Exception] = {LIST: "page=https://b/", "https://b/": pause}
    found = visit(table, Bulletin(optional_pages=True))
    assert found.outcome is Outcome.FAILED
    assert found.retry_after == 90.0


def test_an_error_page_is_a_failure_and_never_empty() -> None:
    """Zero is not success."""
    assert visit({LIST: "soft"}).outcome is Outcome.FAILED
    assert visit({LIST: ""}).outcome is Outcome.EMPTY


def test_no_change_since_the_last_poll_is_no_empty_list(store: Store) -> None:
    """Where only changes are asked for, none is the usual answer; a first poll brings some."""
    town = Town(store, Increments())
    assert town.poll("").collected.outcome is Outcome.EMPTY
    assert town.poll("mark=").collected.outcome is Outcome.UNCHANGED


def test_a_list_of_unusable_records_is_a_failure_that_says_why() -> None:
    """A schema that changed must not read as no news."""
    found = visit({LIST: "bad\nbad"})
    assert found.outcome is Outcome.FAILED
    assert "it is bad" in found.reason
    assert len(found.refusals) == 2
    assert visit({LIST: "bad\n1|One"}).outcome is Outcome.CHANGED


def test_a_bug_in_a_connector_is_not_hidden_as_a_fault_of_the_publisher() -> None:
    """Collecting lets it through; who calls makes it loud."""
    with pytest.raises(ZeroDivisionError):
        visit({LIST: "bug"})


def test_a_source_that_never_ends_is_cut_off() -> None:
    """A page that leads to itself ends in a failure, not in a loop."""
    found = visit({LIST: f"1|One\npage={LIST}"})
    assert found.outcome is Outcome.FAILED
    assert "more than" in found.reason


def test_what_is_muted_is_not_matched() -> None:
    """A clerk's line is kept, and alerts nobody whatever its words."""
    (found,) = visit({LIST: "1|muted detainer"}).fresh
    assert found.matches == ()


def test_topics_narrow_the_filters() -> None:
    """`topics: [other]` leaves the rest out."""
    task = Task(source(topics=("other",)), Poll(NOW))
    (found,) = collect(task, Answers({LIST: "1|A detainer"}), FILTERS).fresh
    assert found.matches == ()


# -------------------------------------------------------------------------------------- record


def test_the_first_poll_seeds_silently_and_the_next_one_alerts(town: Town) -> None:
    """A backlog is stored, not told; what comes after it is told."""
    first = town.poll("1|An old detainer")
    assert (first.new, first.alerts, town.queued()) == (1, (), [])
    second = town.poll("1|An old detainer\n2|A new detainer\n3|A picnic")
    assert second.new == 2
    assert len(town.queued()) == 1
    assert "A new detainer" in town.queued()[0]


def test_a_second_poll_of_the_same_tells_nothing(town: Town) -> None:
    """Not even where the server sends the same words in another order."""
    town.poll("1|One detainer\n2|Two")
    assert town.poll("2|Two\n1|One detainer").alerts == ()
    assert town.poll("1|One detainer\n2|Two").collected.outcome is Outcome.UNCHANGED


def test_a_changed_item_is_told_with_what_changed(town: Town) -> None:
    """Old and new stand in the alert."""
    town.poll("1|The detainer ordinance")
    (alert,) = town.poll("1|The detainer ordinance, as amended").alerts
    assert [(f.name, f.old, f.new) for f in alert.fields] == [
        ("title", "The detainer ordinance", "The detainer ordinance, as amended")
    ]


def test_words_that_were_struck_out_are_told_to_those_who_knew_them(town: Town) -> None:
    """An ordinance that no longer names detainers is news once; its later changes are not."""
    town.poll("1|Old")
    town.poll("1|Old\n2|The detainer ordinance")
    assert len(town.poll("1|Old\n2|The ordinance").alerts) == 1
    assert town.poll("1|Old\n2|The ordinance, again amended").alerts == ()


def test_what_is_moved_back_and_forth_is_told_each_time(town: Town) -> None:
    """A title that returns to an old wording is another change, until it flaps."""
    told = [town.poll(f"1|The detainer vote is on {day}").alerts for day in "ABAB"]
    assert [len(alerts) for alerts in told] == [0, 1, 1, 1]
    keys = [alert.key for alerts in told for alert in alerts]
    assert len(set(keys)) == 3


def test_a_watched_item_needs_no_keyword(town: Town) -> None:
    """The configuration names the matter itself."""
    town.poll("1|Old")
    town.poll("1|Old\n2|watched order")
    assert len(town.queued()) == 1


def test_backfill_tells_what_a_first_poll_finds_if_it_is_newer(town: Town) -> None:
    """Newer than the age asked for: told. Older: stored in silence."""
    town.rules = replace(RULES, backfill=NOW - timedelta(days=7))
    assert len(town.poll("1|A detainer").alerts) == 1
    other = Town(town.store)
    other.source = replace(town.source, id="other")
    other.rules = replace(RULES, backfill=NOW + timedelta(days=1))
    assert other.poll("1|A detainer").alerts == ()


def test_a_preview_shows_what_a_first_poll_keeps_silent(town: Town) -> None:
    """It is shown and not queued."""
    town.rules = replace(RULES, preview=NOW - timedelta(days=14))
    recorded = town.poll("1|A detainer\n2|A picnic")
    assert [alert.item and alert.item.title for alert in recorded.seeded] == ["A detainer"]
    assert town.queued() == []


def test_a_flood_is_capped_and_nothing_is_dropped(town: Town) -> None:
    """Thirty alerts of one poll become nine and a summary that lists the rest."""
    town.poll("0|Old")
    recorded = town.poll("\n".join(f"{n}|Detainer number {n}" for n in range(1, 31)))
    single = [alert for alert in recorded.alerts if alert.kind == "alert"]
    lines = [line for alert in recorded.alerts if alert.kind == "summary" for line in alert.lines]
    assert len(single) == 9
    assert len(single) + len(lines) == 30


def test_a_failure_is_told_once_and_so_is_the_recovery(town: Town) -> None:
    """An error every poll is not an alert every poll."""
    town.poll("1|One")
    fault = FetchError(LIST, "the server is down", 500)
    kinds = [[a.headline for a in town.poll(fault).alerts] for _ in range(5)]
    assert [len(alerts) for alerts in kinds] == [1, 0, 0, 0, 0]
    (over,) = town.poll("1|One").alerts
    assert "Recovered" in over.headline
    assert over.channel == "#health"
    assert town.poll("1|One").alerts == ()


def test_a_reminder_of_a_failure_comes_at_most_daily(town: Town) -> None:
    """Two days of hourly failures are one post and two reminders at most."""
    town.poll("1|One")
    told = [town.poll(FetchError(LIST, "down", 500)).alerts for _ in range(48)]
    assert 2 <= sum(map(len, told)) <= 3


def test_a_failed_first_poll_does_not_use_up_the_silence(town: Town) -> None:
    """The backlog is still silent when the source answers at last."""
    town.poll(FetchError(LIST, "down", 500))
    recorded = town.poll("1|An old detainer")
    assert [alert.kind for alert in recorded.alerts] == ["health"]


def listed(first: int, last: int) -> str:
    """Write a list of numbered entries."""
    return "\n".join(f"{n}|Entry {n}" for n in range(first, last + 1))


def test_a_window_that_rolled_over_is_told_as_a_gap(store: Store) -> None:
    """When nothing known is left, entries were missed; the next poll comes sooner."""
    court = Town(store, Window())
    court.poll(listed(1, 6))
    assert court.poll(listed(3, 8)).collected.gap is False
    gap = court.poll(listed(20, 25))
    assert gap.collected.gap
    assert ["Gap" in alert.headline for alert in gap.alerts] == [True]
    assert "Poll it more often, in sources.yaml: `every: 15m`" in str(gap.alerts[0].lines)
    due = store.sources.state("town").next_due
    assert due is not None
    assert due - (court.now - HOUR) <= HOUR / 2


def test_a_list_shorter_than_usual_is_no_gap(store: Store) -> None:
    """It is not full, so all that came is in it: a court's first entries after a quiet Sunday."""
    court = Town(store, Window())
    court.poll(listed(1, 9))
    assert court.poll(listed(20, 26)).collected.gap is False
    assert court.poll(listed(30, 33)).collected.gap is False


def test_gaps_are_told_once_a_day_however_often_they_come(store: Store) -> None:
    """And again when one comes after a day without any."""
    court = Town(store, Window())
    court.poll(listed(1, 6))
    posts = [len(court.poll(listed(n * 10, n * 10 + 5)).alerts) for n in range(1, 73)]
    assert sum(posts) == 3
    assert posts[0] == posts[24] == posts[48] == 1
    for _ in range(30):
        court.poll(listed(720, 725))
    assert len(court.poll(listed(900, 905)).alerts) == 1


def test_a_gap_after_a_long_silence_of_ours_says_so(store: Store) -> None:
    """To poll more often would not have helped."""
    court = Town(store, Window())
    court.poll(listed(1, 6))
    court.now += 72 * HOUR
    (told,) = court.poll(listed(90, 95)).alerts
    assert "It had not been read since" in str(told.lines)


def test_gone_needs_three_absences(store: Store) -> None:
    """A register that leaves an entry out once is not believed."""
    register = Town(store, Register(conditional=False))
    register.poll("1|A detainer agreement\n2|Another")
    kinds = [len(register.poll("2|Another").alerts) for _ in range(4)]
    assert kinds == [0, 0, 1, 0]


def test_a_failed_poll_counts_no_absence(store: Store) -> None:
    """An error says nothing about what is there."""
    register = Town(store, Register(conditional=False))
    register.poll("1|A detainer agreement\n2|Another")
    for _ in range(5):
        register.poll("2|Another\nsoft")
    assert store.items.find("town", "1") is not None
    assert [a.kind for a in register.poll("1|A detainer agreement\n2|Another").alerts] == ["health"]


def test_marks_and_validators_come_back_at_the_next_poll(town: Town) -> None:
    """A connector finds its own marks, and the fetcher what the last answer carried."""
    town.poll("1|One\nmark=/2026")
    task = prepare(town.store, town.source, town.now, pace=0.0)
    assert task.poll.mark("since") == "/2026"
    assert task.poll.first is False
    assert task.validators[LIST].sha256 == "1|One\nmark=/2026"


def test_an_unconditional_request_leaves_no_validators(store: Store) -> None:
    """Its URL may hold the time of the poll, and would be remembered for ever."""
    town = Town(store, Bulletin(conditional=False))
    town.poll("1|One")
    assert prepare(store, town.source, town.now, pace=0.0).validators == {}


def test_only_answers_that_brought_news_are_archived(town: Town, tmp_path: Path) -> None:
    """The item keeps the address of the very answer that it came from."""
    town.archive = Archive(tmp_path / "archive")
    town.poll("1|One\npage=https://b/", [("https://b/", "2|Two")])
    one, two = (town.store.items.find("town", key) for key in ("1", "2"))
    assert one is not None
    assert two is not None
    assert one.record != two.record
    assert town.archive.read(two.record).body == b"2|Two"
    size = sum(path.stat().st_size for path in (tmp_path / "archive").rglob("*.gz"))
    town.poll("1|One\npage=https://b/", [("https://b/", "2|Two")])
    assert sum(path.stat().st_size for path in (tmp_path / "archive").rglob("*.gz")) == size


def test_nothing_is_queued_where_the_console_stands_in(town: Town) -> None:
    """Without Slack the alerts are handed back to be shown, and stay out of the outbox."""
    town.rules = replace(RULES, queued=False)
    town.poll("1|Old")
    assert len(town.poll("1|Old\n2|A detainer").alerts) == 1
    assert town.queued() == []


@pytest.mark.parametrize("step", ["items.merge_all", "outbox.enqueue", "sources.finish_poll"])
def test_an_error_while_recording_leaves_no_trace(
    town: Town, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The item, its alerts and the poll are one: after a fault the same poll brings them again."""
    town.poll("1|Old")
    before = town.store.sources.state("town")
    part, _, method = step.partition(".")

    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(getattr(town.store, part), method, fault)
        with pytest.raises(RuntimeError):
            town.poll("1|Old\n2|A detainer")
    assert town.store.sources.state("town") == before
    assert town.store.items.find("town", "2") is None
    assert town.queued() == []
    assert len(town.poll("1|Old\n2|A detainer").alerts) == 1
