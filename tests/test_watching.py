"""A source that fell silent is told once, weekly, and when it is heard again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.config.values import Expectation, Period
from monitor.connectors.rss import Rss
from monitor.models import Collected, Outcome
from monitor.store import Store
from monitor.watching import silences, tell_hearing, tell_silences
from tests.store.builders import DAY, HOUR, MINUTE, NOW, item

ROUTING = Routing("#alerts", health="#health")
HERALD = Source(
    id="herald",
    name="The Sampleville Herald",
    kind="rss",
    connector=Rss(url="https://herald.example.org/feed"),
    jurisdiction="ocd-division/country:us/state:ny",
    every=timedelta(hours=1),
    cron="",
    timezone="America/New_York",
)
BEGIN = NOW - 120 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a database in which the Herald brought news on every day until three weeks ago."""
    with Store.open(tmp_path / "monitor.db") as opened:
        opened.sources.begin(["herald"], BEGIN)
        for number in range(100):
            poll(opened, number, news=True)
        poll(opened, 119)
        yield opened


def poll(store: Store, day: int, *, news: bool = False, outcome: Outcome = Outcome.CHANGED) -> None:
    """Poll on a day, with one piece of news or none."""
    now = BEGIN + day * DAY
    if news:
        store.items.merge(item(f"{day}", source="herald"), now)
    store.sources.finish_poll(Collected("herald", now, outcome), now, int(news), 0)


def told(store: Store, days: float = 0.0, source: Source = HERALD) -> list[str]:
    """Make the posts that are due some days from now."""
    return [one.headline for one in tell_silences(store, (source,), ROUTING, NOW + days * DAY)]


def test_a_long_pause_is_told_once_and_reminded_of_weekly(store: Store) -> None:
    """Not every hour, nor every day."""
    (headline,) = told(store)
    assert headline == "Silent: The Sampleville Herald (herald) publishes less than expected"
    assert told(store, 0.5) == told(store, 6) == []
    assert len(told(store, 7)) == 1


def test_the_post_says_since_when_and_goes_to_the_health_channel(store: Store) -> None:
    """With what to try."""
    (post,) = tell_silences(store, (HERALD,), ROUTING, NOW)
    said = " ".join(words for words, _ in post.lines)
    assert post.channel == "#health"
    assert "working days ago" in said
    assert "monitor sources test herald" in said


def test_news_ends_the_silence_and_that_is_told(store: Store) -> None:
    """Once."""
    told(store)
    poll(store, 120, news=True)
    assert told(store, 1) == [
        "Heard again: The Sampleville Herald (herald) publishes as it used to"
    ]
    assert told(store, 2) == []


def test_what_its_maintainers_expect_goes_before_its_habits(store: Store) -> None:
    """Who expects one a month has not been disappointed yet."""
    monthly = replace(HERALD, expect=Expectation(1, Period.MONTH))
    assert silences(store, (monthly,), NOW) == {}
    weekly = replace(HERALD, expect=Expectation(5, Period.WEEK))
    assert "where 5 were expected" in silences(store, (weekly,), NOW)["herald"]


def test_a_broken_source_is_not_called_silent(store: Store) -> None:
    """Nor one that is switched off, nor one that was never read."""
    assert silences(store, (replace(HERALD, enabled=False),), NOW) == {}
    assert silences(store, (replace(HERALD, id="newcomer"),), NOW) == {}
    poll(store, 120, outcome=Outcome.FAILED)
    assert silences(store, (HERALD,), NOW) == {}


def test_a_backlog_is_no_habit(tmp_path: Path) -> None:
    """What the first poll found came all at once."""
    with Store.open(tmp_path / "other.db") as store:
        store.sources.begin(["herald"], BEGIN)
        for number in range(50):
            store.items.merge(item(f"{number}", source="herald"), BEGIN)
        poll(store, 0)
        assert store.sources.news(BEGIN - DAY) == {}


def heard(store: Store, minutes: float, *, deaf: bool = True) -> list[str]:
    """Look some minutes after the connection was lost."""
    now = NOW + minutes * MINUTE
    posts = tell_hearing(store, ROUTING, NOW if deaf else None, now)
    assert all(post.channel == "#health" for post in posts)
    return [post.headline for post in posts]


def test_a_connection_that_comes_back_soon_is_told_nobody(store: Store) -> None:
    """Slack refreshes it every hour or so."""
    assert heard(store, 1) == heard(store, 4) == heard(store, 4.5, deaf=False) == []


def test_clicks_that_nobody_hears_are_told_once_daily_and_at_the_end(store: Store) -> None:
    """Silence would be taken for consent."""
    assert heard(store, 5) == ["Buttons and commands in Slack are not heard"]
    assert heard(store, 6) == heard(store, 600) == []
    day = 24 * HOUR / MINUTE
    assert heard(store, 6 + day) == ["Buttons and commands in Slack are still not heard"]
    assert heard(store, 9 + day, deaf=False) == ["Buttons and commands in Slack are heard again"]
    assert heard(store, 10 + day, deaf=False) == []
