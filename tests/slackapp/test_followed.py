"""Later news of a matter that people follow or muted: who is told, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.models import Alert, Collected, Fresh, Item, Outcome, Person
from monitor.personal import for_followers
from monitor.pipeline import Rules, record
from monitor.queueing import remind
from monitor.store import DeliveryState, Store
from tests.alerts.builders import HEARING, NOW, alert, item, match
from tests.slackapp.office import CHANNEL, Office

ANA, BEN = Person("U0ANA", "ana"), Person("U0BEN", "ben")
COUNCIL = Source(
    id="nyc-council",
    name="New York City Council",
    kind="rss",
    connector=Rss(url="https://council.example/feed"),
    jurisdiction="ocd-division/country:us/state:ny/place:new_york",
    every=timedelta(hours=1),
    cron="",
    timezone="America/New_York",
)
RULES = Rules(Routing(CHANNEL))
PASSED = item(status="Adopted", fingerprint="f2")


def polled(store: Store, one: Item, rules: Rules = RULES, hours: int = 0) -> tuple[Alert, ...]:
    """Record a poll that brought one item; return the alerts that it told."""
    now = NOW + timedelta(hours=hours)
    found = (Fresh(one, (match(),)),)
    collected = Collected(COUNCIL.id, now, Outcome.CHANGED, fresh=found, seen=(one.key,))
    return record(store, None, COUNCIL, collected, rules).alerts


@pytest.fixture
def matter(office: Office) -> int:
    """Tell of a matter in the channel."""
    polled(office.store, item(key="backlog", identifiers=(), fingerprint="f0"))
    (told,) = polled(office.store, item(), hours=1)
    office.now = NOW + timedelta(hours=4)
    office.deliver()
    return told.matter


def test_a_follower_hears_directly_beside_the_channel(office: Office, matter: int) -> None:
    """One message each, once, outside of every thread."""
    office.store.acts.follow(matter, ANA, NOW)
    told = polled(office.store, PASSED, hours=2)
    assert [one.channel for one in told] == [CHANNEL, "@U0ANA"]
    office.deliver()
    (direct,) = office.workspace.conversation(ANA.id).messages
    assert "Adopted" in direct["text"]
    assert len(office.messages) == 2


def test_who_followed_and_stopped_hears_no_more(office: Office, matter: int) -> None:
    """A direct message opens no thread that would make the person a channel for ever."""
    office.store.acts.follow(matter, ANA, NOW)
    polled(office.store, PASSED, hours=2)
    office.deliver()
    office.store.acts.unfollow(matter, ANA, NOW)
    told = polled(office.store, item(status="Vetoed", fingerprint="f3"), hours=3)
    assert [one.channel for one in told] == [CHANNEL]


def test_a_muted_matter_is_held_with_the_reason_and_goes_on_once_unmuted(
    office: Office, matter: int
) -> None:
    """The item is stored and matched all the same: the digest and the search have it."""
    office.store.acts.mute(matter, CHANNEL, BEN, NOW)
    assert polled(office.store, PASSED, hours=2) == ()
    (held,) = office.store.outbox.listed([DeliveryState.HELD])
    assert (held.alert.channel, held.error) == (CHANNEL, "muted in this channel")
    timeline = office.store.matters.timeline(matter)
    assert [one.item.status for one in timeline.items] == ["Adopted"]
    assert timeline.items[0].matches
    office.store.acts.unmute(matter, CHANNEL, BEN, NOW)
    told = polled(office.store, item(status="Vetoed", fingerprint="f3"), hours=3)
    assert [one.channel for one in told] == [CHANNEL]


def test_a_follower_hears_of_what_the_channel_muted(office: Office, matter: int) -> None:
    """What a channel does not want to hear, one person may."""
    office.store.acts.follow(matter, ANA, NOW)
    office.store.acts.mute(matter, CHANNEL, BEN, NOW)
    told = polled(office.store, PASSED, hours=2)
    assert [one.channel for one in told] == ["@U0ANA"]


def test_a_muted_matter_is_not_reminded_of(office: Office, matter: int) -> None:
    """Neither is its reminder lost: it stands in the outbox."""
    office.store.acts.mute(matter, CHANNEL, BEN, NOW)
    assert HEARING.starts is not None
    soon = HEARING.starts - timedelta(hours=3)
    assert remind(office.store, (timedelta(hours=4),), {}, {}, soon) == ()
    (held,) = office.store.outbox.listed([DeliveryState.HELD])
    assert held.alert.kind == "reminder"


def test_muting_one_matter_leaves_the_others_alone(office: Office, matter: int) -> None:
    """In the same channel, in the same poll."""
    office.store.acts.mute(matter, CHANNEL, BEN, NOW)
    other = item(key="int-9", identifiers=(), title="Another detainer bill", fingerprint="g1")
    (told,) = polled(office.store, other, hours=2)
    assert told.matter != matter


def test_the_console_tells_no_followers(office: Office, matter: int) -> None:
    """Where nothing is queued, there is nobody to reach."""
    office.store.acts.follow(matter, ANA, NOW)
    told = polled(office.store, PASSED, replace(RULES, queued=False), hours=2)
    assert [one.channel for one in told] == [CHANNEL]


def test_without_an_app_nobody_is_told_directly(office: Office, matter: int) -> None:
    """A webhook reaches a channel, and no person."""
    office.store.acts.follow(matter, ANA, NOW)
    told = polled(office.store, PASSED, replace(RULES, directly=False), hours=2)
    assert [one.channel for one in told] == [CHANNEL]


def test_only_alerts_of_matters_are_copied() -> None:
    """Summaries, reminders and health posts are the channel's own."""
    everybody = {(7, "U0ANA"), (0, "U0BEN")}
    assert for_followers((), everybody) == ()
    assert for_followers((alert(kind="health"),), everybody) == ()
    assert for_followers((alert(matter=0),), everybody) == ()
    (copy,) = for_followers((alert(channel="#a"), alert(channel="#b")), everybody)
    assert (copy.channel, copy.kind, copy.matter) == ("@U0ANA", "direct", 0)
