"""Each fault gets its reaction and is told once in the health channel; nothing lost or doubled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import ConsoleChannel, SlackChannel, WebhookChannel
from monitor.deliver import Deliverer
from monitor.models import Channel
from monitor.store import Arrival, DeliveryState, Store, Verdict
from monitor.wording import spoken
from tests.alerts.builders import NOW, alert, item
from tests.servers.posts import PostServer, Say
from tests.servers.slack_api import Room, SlackServer, Workspace
from tests.test_deliver import Clock, states

ALERTS, HEALTH, NY = "#immigration-alerts", "#health", "#ny"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Bench:
    """A store, a strict Slack, and deliverers on one clock."""

    store: Store
    server: SlackServer
    clock: Clock
    screen: StringIO
    further: dict[str, Channel]
    token: str = SlackServer.token

    @property
    def workspace(self) -> Workspace:
        """Look into what Slack knows."""
        return self.server.workspace

    def start(self) -> Deliverer:
        """Begin anew, as after a restart of the program."""
        slack = SlackChannel(self.token, self.server.url, now=self.clock, timeout=5)
        console = ConsoleChannel(self.screen, self.clock)
        ways: dict[str, Channel] = {"#": slack, "console": console, **self.further}
        return Deliverer(self.store, ways, health=HEALTH, clock=self.clock, sleep=self.clock.sleep)

    def queue(self, *keys: str, channel: str = ALERTS, matter: int = 0, **fields: Any) -> None:
        """Put alerts into the outbox."""
        made = [alert(key=key, channel=channel, matter=matter, **fields) for key in keys]
        self.store.outbox.enqueue(made, self.clock.now)

    def run(self, lasting: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        """Deliver as the service does, for so long; one program, without a restart."""
        deliverer, ends = self.start(), self.clock.now + lasting
        while self.clock.now <= ends:
            deliverer.deliver_due(self.clock.now)
            self.clock.now += step

    def told(self, name: str = HEALTH) -> list[str]:
        """Read the headlines in a channel."""
        return [
            str(message["blocks"][0]["text"]["text"]) if "blocks" in message else message["text"]
            for message in self.workspace.room(name).messages
        ]

    def keys(self, name: str = ALERTS) -> list[str]:
        """Read which alerts stand in a channel."""
        messages = self.workspace.room(name).messages
        return [m["metadata"]["event_payload"]["k"] for m in messages if "metadata" in m]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Put it together; the server's clock is the tests' own."""
    clock = Clock()
    workspace = Workspace(clock=lambda: clock.timestamp() + 0.5)
    workspace.rooms.append(Room("C07HEALTH", "health"))
    with Store.open(tmp_path / "monitor.db") as store, SlackServer(workspace) as server:
        yield Bench(store, server, clock, StringIO(), {})


def fault(bench: Bench, code: str, number: int = 1, method: str = "chat.postMessage") -> None:
    """Let Slack refuse so many calls."""
    bench.workspace.faults.extend([(method, "error", code)] * number)


# ----------------------------------------------------------------------------- what a person mends


def test_an_archived_channel_is_told_once_and_when_it_is_over(bench: Bench) -> None:
    """One post when it begins, one when it ends; its alerts wait, in order."""
    bench.workspace.room(ALERTS).is_archived = True
    bench.queue("a", "b")
    bench.run(3 * HOUR)
    assert bench.told() == [f"Alerts do not reach {ALERTS}"]
    assert states(bench.store)[DeliveryState.QUEUED] == 2
    bench.workspace.room(ALERTS).is_archived = False
    bench.run(2 * HOUR)
    assert bench.told() == [f"Alerts do not reach {ALERTS}", f"Alerts reach {ALERTS} again"]
    assert bench.keys() == ["a", "b"]


def test_a_trouble_that_stays_is_reminded_of_once_a_day(bench: Bench) -> None:
    """However often it is tried, and however often the program starts."""
    bench.workspace.room(ALERTS).is_archived = True
    bench.queue("a")
    for _ in range(45):
        bench.run(HOUR, step=timedelta(minutes=20))
    assert bench.clock.now - NOW > 2 * DAY
    assert bench.told() == [
        f"Alerts do not reach {ALERTS}",
        f"Alerts still do not reach {ALERTS}",
        f"Alerts still do not reach {ALERTS}",
    ]


def test_the_post_says_why_since_when_and_what_to_do(bench: Bench) -> None:
    """In words; the reason is Slack's."""
    bench.workspace.room(ALERTS).is_archived = True
    bench.queue("a")
    bench.run(HOUR)
    said = str(bench.workspace.room(HEALTH).messages[0]["blocks"])
    assert "the channel is archived" in said
    assert f"Since: {spoken(NOW)}" in said
    assert "monitor doctor" in said


def hide(room: Room) -> None:
    """Make a channel private, without the bot."""
    room.is_private, room.is_member = True, False


def expel(room: Room) -> None:
    """Remove the bot from a public channel."""
    room.is_member = False


@pytest.mark.parametrize(
    ("mishap", "code"), [(hide, "channel_not_found"), (expel, "not_in_channel")]
)
def test_what_one_channel_refuses_stops_no_other(
    bench: Bench, mishap: Callable[[Room], None], code: str
) -> None:
    """And is told as that channel's; it goes on when somebody has invited the bot."""
    bench.workspace.scopes -= {"channels:join", "chat:write.public"}
    room = bench.workspace.room(ALERTS)
    mishap(room)
    bench.queue("a")
    bench.queue("ny", channel=NY)
    bench.run(timedelta(minutes=5))
    assert bench.keys(NY) == ["ny"]
    assert bench.told() == [f"Alerts do not reach {ALERTS}"]
    assert code in str(bench.workspace.room(HEALTH).messages[0]["blocks"])
    room.is_member = True
    bench.run(2 * HOUR)
    assert bench.keys() == ["a"]
    assert bench.told()[1:] == [f"Alerts reach {ALERTS} again"]


def test_a_revoked_token_is_told_on_the_console_and_afterwards_in_the_channel(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """No way is left by which Slack could tell of it; people there learn when it is over."""
    bench.token = "xoxb-revoked"
    bench.queue("a")
    bench.queue("ny", channel=NY)
    with caplog.at_level(logging.ERROR, "monitor.troubles"):
        bench.run(3 * HOUR)
    assert bench.screen.getvalue().count("No alerts get out by slack") == 1
    own = [record.getMessage() for record in caplog.records if record.name == "monitor.troubles"]
    assert own == ["the health channel cannot tell"]
    assert bench.told() == []
    bench.token = SlackServer.token
    bench.run(HOUR)
    assert bench.told() == ["Alerts get out by slack again"]
    assert (bench.keys(), bench.keys(NY)) == (["a"], ["ny"])


def test_the_health_channels_own_trouble_is_told_on_the_console(bench: Bench) -> None:
    """It cannot tell of itself."""
    bench.workspace.room(HEALTH).is_archived = True
    bench.queue("h", channel=HEALTH, kind="health")
    bench.run(HOUR)
    assert f"Alerts do not reach {HEALTH}" in bench.screen.getvalue()
    bench.workspace.room(HEALTH).is_archived = False
    bench.run(2 * HOUR)
    assert bench.told()[1:] == [f"Alerts reach {HEALTH} again"]


# ---------------------------------------------------------------------------- what passes by itself


@pytest.mark.parametrize(("kind", "argument"), [("429", 30), ("503", None), ("slow", 0)])
def test_what_passes_soon_is_not_told(bench: Bench, kind: str, argument: float | None) -> None:
    """A pause, a hiccup: nobody has to know."""
    bench.workspace.faults.append(("chat.postMessage", kind, argument))
    bench.queue("a", "b")
    bench.run(HOUR)
    assert bench.told() == []
    assert bench.keys() == ["a", "b"]


def test_pauses_without_end_are_told_once(bench: Bench) -> None:
    """429 after 429, for one channel after another."""
    bench.workspace.faults.extend([("chat.postMessage", "429", 60)] * 12)
    bench.queue("a", "b")
    bench.run(timedelta(minutes=30))
    assert bench.keys() == ["a", "b"]
    assert sorted(bench.told()) == [
        f"Alerts do not reach {ALERTS}",
        f"Alerts reach {ALERTS} again",
    ]


def test_an_outage_is_told_when_it_lasts_and_doubles_nothing(bench: Bench) -> None:
    """Every call fails for half an hour, after the first post was taken."""
    bench.queue("a", "b")
    bench.workspace.faults.append(("chat.postMessage", "drop_after", None))
    bench.workspace.chances = {"503": 1.0}
    bench.run(timedelta(minutes=30))
    assert bench.store.notices.notice(f"channel {ALERTS}") is not None
    bench.workspace.chances = {}
    bench.run(HOUR)
    assert bench.keys() == ["a", "b"]
    assert f"Alerts reach {ALERTS} again" in bench.told()


# --------------------------------------------------------------------- what needs a person, once


def test_an_alert_that_was_given_up_is_told_until_a_person_settles_it(bench: Bench) -> None:
    """With its headline, and the command that lists it."""
    bench.queue("a")
    fault(bench, "no_text", 2)
    bench.run(HOUR)
    assert bench.told() == [f"An alert for {ALERTS} needs a person"]
    assert "monitor outbox list" in str(bench.workspace.room(HEALTH).messages[0]["blocks"])
    bench.run(DAY + HOUR, step=HOUR)
    assert bench.told()[1:] == [f"Alerts for {ALERTS} still need a person"]
    bench.store.outbox.resolve(1, Verdict.DROP, bench.clock.now)
    bench.run(HOUR)
    assert bench.told()[2:] == [f"No alert for {ALERTS} needs a person any more"]


def test_an_alert_of_unknown_fate_is_told_once_and_never_sent_again_by_itself(
    bench: Bench,
) -> None:
    """Without the right to read, nobody can look whether it arrived."""
    bench.workspace.scopes -= {"channels:history"}
    bench.workspace.faults.append(("chat.postMessage", "drop_after", None))
    bench.queue("a", "b")
    for _ in range(3):
        bench.run(HOUR)
    assert bench.keys() == ["a", "b"]
    assert bench.told() == [f"An alert for {ALERTS} needs a person"]


def test_refused_blocks_are_told_once_and_the_alerts_arrive(bench: Bench) -> None:
    """Slack's summed limit is not published: it may bite some day."""
    for key in ("a", "b", "c"):
        bench.queue(key)
        fault(bench, "msg_blocks_too_long")
        bench.run(HOUR)
    assert bench.keys() == ["a", "b", "c"]
    assert not any("blocks" in message for message in bench.workspace.room(ALERTS).messages)
    assert bench.told() == [f"Alerts reach {ALERTS}, and something is to be mended"]
    said = str(bench.workspace.room(HEALTH).messages[0]["blocks"])
    assert "msg_blocks_too_long" in said


def test_a_renamed_channel_is_found_by_its_old_name_and_told_once(bench: Bench) -> None:
    """Alerts go on; the name in the YAML is old."""
    bench.workspace.room(ALERTS).rename("news")
    bench.queue("a", "b")
    for _ in range(3):
        bench.run(HOUR)
        bench.queue(f"at {bench.clock.now}")
    assert bench.keys("#news")[:2] == ["a", "b"]
    assert len(bench.keys("#news")) == 4
    assert bench.told() == [f"Alerts reach {ALERTS}, and something is to be mended"]
    assert "it is called #news by now" in str(bench.workspace.room(HEALTH).messages[0]["blocks"])


def test_a_channel_that_took_an_old_name_is_the_one_that_is_meant(bench: Bench) -> None:
    """Whoever bears the name today gets the alerts."""
    bench.workspace.room(ALERTS).rename("news")
    bench.workspace.rooms.append(Room("C08NEW", "immigration-alerts"))
    bench.queue("a")
    bench.run(HOUR)
    assert (bench.keys("C08NEW"), bench.told()) == (["a"], [])


def test_a_deleted_first_message_is_told_and_its_story_begins_anew(bench: Bench) -> None:
    """Later alerts follow the new one."""
    bench.queue("a", matter=7)
    bench.run(HOUR)
    bench.workspace.room(ALERTS).messages.clear()
    bench.queue("b", "c", matter=7)
    bench.run(HOUR)
    first, second = bench.workspace.room(ALERTS).messages
    assert "thread_ts" not in first
    assert second["thread_ts"] == first["ts"]
    assert bench.told() == [f"A thread in {ALERTS} begins anew: its first message was deleted"]


def test_a_first_message_that_is_missed_when_it_is_edited_is_told_likewise(bench: Bench) -> None:
    """Once, whoever finds out first."""
    bench.queue("a", matter=made_matter(bench.store, "one"))
    bench.run(timedelta(0))
    made_matter(bench.store, "two", status="Passed")
    bench.workspace.room(ALERTS).messages.clear()
    bench.run(HOUR)
    assert bench.told() == [f"A thread in {ALERTS} begins anew: its first message was deleted"]


def made_matter(store: Store, fingerprint: str, **fields: Any) -> int:
    """Store an item, or its later state, and return its matter."""
    (merged,) = store.items.merge_all([Arrival(item(fingerprint=fingerprint, **fields))], NOW)
    return merged.change.matter


# ------------------------------------------------------------------------------------- webhooks


def test_a_webhook_in_doubt_waits_for_a_person_and_holds_up_nothing(bench: Bench) -> None:
    """Not even the next alert of the same matter, which then names it."""
    with PostServer() as posts:
        posts.script.append(Say(drop=True, takes=True))
        names = {"webhook": "SLACK_WEBHOOK_URL"}
        bench.further["webhook"] = WebhookChannel({"webhook": posts.hook}, names, bench.clock)
        bench.queue("a", "b", channel="webhook", matter=7)
        for _ in range(3):
            bench.run(HOUR)
        assert len(posts.taken) == 2
    assert states(bench.store)[DeliveryState.UNKNOWN] == 1
    assert bench.told() == ["An alert for webhook needs a person"]
    bench.store.outbox.resolve(1, Verdict.SENT, bench.clock.now)
    bench.run(HOUR)
    assert bench.told()[1:] == ["No alert for webhook needs a person any more"]


def test_one_revoked_webhook_stops_no_other(bench: Bench) -> None:
    """Each has its own address."""
    with PostServer() as posts:
        urls = {"webhook": f"http://{posts.address}/services/old", "webhook:ny": posts.hook}
        bench.further["webhook"] = WebhookChannel(urls, dict.fromkeys(urls, "X"), bench.clock)
        bench.queue("a", channel="webhook")
        bench.queue("b", channel="webhook:ny")
        bench.run(HOUR)
        assert [path for path, _ in posts.taken] == ["/services/T0MADE/B0UP/secretpath"]
    assert bench.told() == ["Alerts do not reach webhook"]


def test_without_a_health_channel_only_the_log_hears(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """As where a test, or a library, delivers on its own."""
    bench.workspace.room(ALERTS).is_archived = True
    bench.queue("a")
    slack = SlackChannel(bench.token, bench.server.url, now=bench.clock)
    deliverer = Deliverer(bench.store, {"#": slack}, clock=bench.clock, sleep=bench.clock.sleep)
    with caplog.at_level(logging.ERROR, "monitor.troubles"):
        deliverer.deliver_due(datetime.now(NOW.tzinfo))
    own = [record for record in caplog.records if record.name == "monitor.troubles"]
    assert len(own) == 1
    assert bench.told() == []
