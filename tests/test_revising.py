"""First messages show the present state of their matter, whatever Slack and chance do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import SlackChannel
from monitor.deliver import Deliverer
from monitor.errors import FailureScope
from monitor.models import Channel, Hearing, Item, ItemType, Posted, Stage
from monitor.queueing import remind
from monitor.store import Store
from monitor.tally import DeliverySummary
from tests.servers.slack_api import SlackServer, Workspace
from tests.store.builders import BILL, DAY, HOUR, NOW, alert, item, match
from tests.test_deliver import Clock, Way, refused, throttled

NAMES = {"council": "City Council", "herald": "The Herald"}
ALERTS, NY = "#immigration-alerts", "#ny"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty store in a real file."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """Stop the time."""
    return Clock(NOW)


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackServer]:
    """Start a strict Slack."""
    with SlackServer(Workspace(clock=clock.timestamp)) as server:
        yield server


class Desk:
    """A store, a clock and a way out."""

    def __init__(self, store: Store, clock: Clock, way: Channel) -> None:
        self.store = store
        self.clock = clock
        self.deliverer = self.restarted({"#": way})

    def restarted(self, ways: dict[str, Channel]) -> Deliverer:
        """Begin anew, as after a restart."""
        self.deliverer = Deliverer(
            self.store, ways, names=NAMES, clock=self.clock, sleep=self.clock.sleep
        )
        return self.deliverer

    def comes(self, *channels: str, silent: bool = False, **fields: Any) -> int:
        """Let the bill's item come in or change, and tell these channels of it."""
        made = record(**fields)
        merged = self.store.items.merge(made, self.clock(), (match(),))
        assert merged is not None
        matter = merged.change.matter
        for channel in () if silent else channels or (ALERTS,):
            key = f"{made.fingerprint[:12]}-{made.key}-{channel}"
            told = replace(alert(key, channel, matter), item=made, created_at=self.clock())
            self.store.outbox.enqueue([told], self.clock())
        return matter

    def deliver(self, patience: timedelta = timedelta(0)) -> DeliverySummary:
        """Deliver and edit what is due."""
        return self.deliverer.deliver_due(self.clock(), patience)


def record(key: str = "1", **fields: Any) -> Item:
    """Make a bill's record."""
    return item(key, **({"type": ItemType.BILL, "identifiers": (BILL,)} | fields))


@pytest.fixture
def desk(store: Store, clock: Clock, slack: SlackServer) -> Desk:
    """Connect the store with the strict Slack."""
    return Desk(store, clock, SlackChannel(slack.token, slack.url, now=clock, timeout=5))


def parent(slack: SlackServer, channel: str = ALERTS, number: int = 0) -> str:
    """Return all words of a first message."""
    firsts = [m for m in slack.workspace.room(channel).messages if "thread_ts" not in m]
    return " ".join(words(firsts[number]["blocks"]).split())


def words(value: Any) -> str:
    """Join the words of blocks."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        own += [value["url"]] if isinstance(value.get("url"), str) else []
        return " ".join([*own, *(words(one) for one in value.values() if not isinstance(one, str))])
    return " ".join(words(one) for one in value) if isinstance(value, list) else ""


def edits(slack: SlackServer) -> int:
    """Count the edits that were asked for."""
    return sum(method == "chat.update" for method, _ in slack.workspace.calls)


# ------------------------------------------------------------------------------- what is shown


def test_a_first_message_is_not_edited_before_something_happens(
    desk: Desk, slack: SlackServer
) -> None:
    """It says what there is."""
    desk.comes()
    desk.deliver()
    assert edits(slack) == 0


def test_a_first_message_shows_stage_date_direction_and_sources(
    desk: Desk, slack: SlackServer
) -> None:
    """Above the words of its day, which stay."""
    desk.comes(title="An act on detainers")
    desk.deliver()
    before = parent(slack)
    hearing = Hearing("hearing", NOW + 3 * DAY, "America/New_York", "Room 4")
    desk.comes(
        title="An act on detainers",
        stage=Stage.HEARING_SET,
        status="Hearing set",
        hearings=(hearing,),
    )
    desk.comes(key="story", source="herald", type=ItemType.NEWS, silent=True)
    desk.deliver()
    shown = parent(slack)
    for said in (
        "Hearing set (seen Mon, Nov 23",
        "Limits cooperation with ICE",
        "Hearing Thu, Nov 26, 7:00 am EST",
        "City Council, The Herald; 2 changes",
    ):
        assert said in shown, shown
    assert "in 3 days" not in shown, "it will be read for weeks"
    for word in before.split():
        assert word in shown
    assert edits(slack) == 1
    assert len(slack.workspace.posted) == 2


def test_a_message_that_shows_the_present_is_not_edited_again(
    desk: Desk, slack: SlackServer
) -> None:
    """A round without news asks nothing of Slack."""
    desk.comes()
    desk.deliver()
    desk.comes(status="Referred")
    desk.deliver()
    asked = len(slack.workspace.calls)
    desk.store._db.write("UPDATE threads SET stale = 1")
    desk.deliver()
    assert len(slack.workspace.calls) == asked
    assert desk.store.threads.waiting() == ()


def test_two_channels_stay_in_step(desk: Desk, slack: SlackServer) -> None:
    """Each has its first message, its replies, and the same state."""
    desk.comes(ALERTS, NY)
    desk.deliver()
    desk.comes(ALERTS, NY, stage=Stage.PASSED, status="Passed")
    desk.deliver()
    for channel in (ALERTS, NY):
        messages = slack.workspace.room(channel).messages
        assert [m.get("thread_ts") for m in messages] == [None, messages[0]["ts"]]
        assert "Passed (seen" in parent(slack, channel)


def test_a_date_that_is_over_is_not_called_the_next(desk: Desk, slack: SlackServer) -> None:
    """The minute after, although nothing has happened to the matter."""
    desk.comes()
    desk.deliver()
    near, far = (Hearing("hearing", NOW + n * DAY, "America/New_York") for n in (1, 2))
    desk.comes(hearings=(near, far))
    desk.deliver()
    assert "Next: Hearing Tue, Nov 24" in parent(slack)
    for hours in (23, 25):
        desk.clock.now = NOW + hours * HOUR
        remind(desk.store, (), NAMES, {}, desk.clock())
        desk.deliver()
    assert "Next: Hearing Wed, Nov 25" in parent(slack)
    assert edits(slack) == 2


def test_a_merged_matters_message_points_to_where_it_goes_on(
    desk: Desk, slack: SlackServer
) -> None:
    """And the one that lives shows the state of both."""
    desk.comes()
    other = desk.comes(key="2", source="herald", identifiers=(), title="Another report")
    desk.deliver()
    desk.store.mending.merge(1, other, desk.clock())
    desk.deliver()
    goal, gone = slack.workspace.room(ALERTS).messages
    link = f"https://slack.com/archives/{goal['channel']}/p{goal['ts'].replace('.', '')}"
    assert link in words(gone["blocks"])
    assert "Another report" in words(gone["blocks"])
    assert "City Council, The Herald" in words(goal["blocks"])
    new = desk.store.mending.split(1, [2], desk.clock())
    desk.deliver()
    assert link not in words(gone["blocks"])
    assert desk.store.threads.of(new, ALERTS) is not None
    assert "The Herald" not in words(goal["blocks"])


# ------------------------------------------------------------------------------------- faults


def test_a_deleted_message_is_forgotten_and_the_next_alert_opens_anew(
    desk: Desk, slack: SlackServer
) -> None:
    """Nobody's alert is lost in a thread that is not there."""
    desk.comes()
    desk.deliver()
    slack.workspace.room(ALERTS).messages.clear()
    desk.comes(key="2", silent=True)
    assert desk.deliver().all_well
    desk.comes(status="Referred")
    desk.deliver()
    (only,) = slack.workspace.room(ALERTS).messages
    assert "thread_ts" not in only


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message"])
def test_a_message_that_may_never_be_edited_is_left_alone(
    desk: Desk, slack: SlackServer, code: str
) -> None:
    """It is asked for once; replies go on."""
    desk.comes()
    desk.deliver()
    slack.workspace.faults.append(("chat.update", "error", code))
    for status in ("Referred", "Reported", "Passed"):
        desk.comes(status=status)
        desk.deliver()
    assert not slack.workspace.faults
    assert edits(slack) == 0
    assert len(slack.workspace.room(ALERTS).messages) == 4


@pytest.mark.parametrize(
    ("kind", "argument"),
    [("429", 30), ("503", None), ("drop_after", None), ("error", "is_archived"), ("garbage", None)],
)
def test_an_edit_that_fails_keeps_no_alert_back(
    desk: Desk, slack: SlackServer, kind: str, argument: object
) -> None:
    """It is made later, and meanwhile its channel takes posts."""
    desk.comes()
    desk.deliver()
    slack.workspace.faults.append(("chat.update", kind, argument))
    desk.comes(status="Referred")
    desk.deliver()
    desk.comes(key="2", identifiers=(), title="Another matter")
    assert desk.deliver().sent == 1
    assert desk.store.pauses.states() == ()
    desk.clock.sleep(2 * 3_600)
    desk.deliver()
    assert "1 change" in parent(slack)


def test_an_edit_that_always_fails_is_asked_for_ever_less_often(store: Store, clock: Clock) -> None:
    """Two days of trouble are some dozens of edits, not one each second."""
    way = Way()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    way.faults.extend(throttled() for _ in range(500))
    for _ in range(2 * 24 * 60):
        desk.deliver()
        clock.sleep(60)
    assert 40 < 500 - len(way.faults) < 80
    assert way.keys != []


def test_a_channel_nobody_speaks_to_keeps_its_messages_stale(store: Store, clock: Clock) -> None:
    """A run without a token edits nothing, and does not believe that it did."""
    way = Way()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    desk.restarted({"console": Way("console")})
    desk.deliver()
    assert store.threads.waiting() == ("#a",)
    desk.restarted({"#": way})
    desk.deliver()
    assert [one.receipt.reference for one in way.revised] == ["ts-1"]


def test_a_crash_between_the_edit_and_its_note_is_harmless(store: Store, clock: Clock) -> None:
    """It is made again."""

    class Dying(Way):
        def revise(self, posted: Posted) -> None:
            """Edit, and die."""
            super().revise(posted)
            raise KeyboardInterrupt

    way = Dying()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    with pytest.raises(KeyboardInterrupt):
        desk.deliver()
    again = Way()
    desk.restarted({"#": again})
    desk.deliver()
    desk.deliver()
    assert [one.present for one in again.revised] == [way.revised[0].present]


def test_a_change_during_the_edit_is_shown_by_the_next_one(store: Store, clock: Clock) -> None:
    """Another thread writes while Slack takes its time."""
    late = [record(key="3", status="Passed")]

    class Slow(Way):
        def revise(self, posted: Posted) -> None:
            """Edit, while the other thread records a poll."""
            super().revise(posted)
            with Store.open(store.path) as other:
                for made in late:
                    other.items.merge(made, clock(), (match(),))
                late.clear()

    way = Slow()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    desk.deliver()
    assert [one.present.changes for one in way.revised if one.present] == [1, 2]
    assert store.threads.waiting() == ()


def test_a_bug_in_showing_one_matter_is_loud_and_stops_nothing(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """With its traceback; the others are edited, and alerts are sent."""
    way = Way()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.comes("#b", key="x", identifiers=(), title="Another matter")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    desk.comes("#b", key="x", identifiers=(), title="Retitled", silent=True)
    way.faults.append(ZeroDivisionError("a bug"))
    with caplog.at_level(logging.ERROR):
        desk.deliver()
    assert "ZeroDivisionError" in caplog.text
    assert len(way.revised) == 1
    desk.comes("#a", status="Passed")
    assert desk.deliver().sent == 1


def test_a_service_that_refuses_edits_goes_on_posting(store: Store, clock: Clock) -> None:
    """A right that is missing for edits alone."""
    way = Way()
    desk = Desk(store, clock, way)
    desk.comes("#a")
    desk.deliver()
    desk.comes("#a", key="2", silent=True)
    way.faults.append(refused(FailureScope.SERVICE))
    desk.deliver()
    desk.comes("#a", status="Passed")
    assert desk.deliver().sent == 1
    assert store.pauses.states() == ()
