"""Messages to one person: each once, whatever happens on the way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.models import Alert, Person
from monitor.personal import directly
from monitor.queueing import remind_people
from monitor.store import DeliveryState
from monitor.store.coding import stamp
from tests.alerts.builders import alert
from tests.servers.slack_clicks import ANA, BEN
from tests.slackapp.office import Office


def send(office: Office, *minutes: int) -> None:
    """Send a direct alert, and go on with what is in doubt after so many minutes each."""
    office.enqueue(alert(key="d" * 32, channel=directly(ANA), kind="direct", matter=0))
    office.deliver()
    for more in minutes:
        office.now += timedelta(minutes=more)
        office.deliver()


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_message_in_doubt_is_looked_for_in_the_conversation(office: Office, fault: str) -> None:
    """It stands there once: found again, or sent again because it was not there."""
    office.workspace.faults.append(("chat.postMessage", fault, None))
    send(office, 1, 1)
    assert len(office.workspace.conversation(ANA).messages) == 1
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.SENT]


def test_without_the_right_to_look_a_person_settles_what_is_in_doubt(office: Office) -> None:
    """im:write opens the conversation; without it nobody can know."""
    office.workspace.scopes.discard("im:write")
    office.workspace.faults.append(("chat.postMessage", "drop_after", None))
    send(office, 1, 90)
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.UNKNOWN]
    assert len(office.workspace.conversation(ANA).messages) == 1


GONE = [
    "channel_not_found",
    "user_not_found",
    "users_not_found",
    "user_disabled",
    "cannot_dm_bot",
    "account_inactive",
    "restricted_action",
    "is_archived",
]


@pytest.mark.parametrize("code", GONE)
def test_who_has_left_follows_nothing_any_more(office: Office, code: str) -> None:
    """Told once, in the outbox and the log; no alert, reminder or health post comes after it."""
    message = office.tell()
    office.click(message, "more", "follow")
    office.click(message, "more", "follow", person=BEN)
    office.click(message, "remind", "tomorrow")
    office.workspace.faults.append(("chat.postMessage", "error", code))
    office.enqueue(*(direct(number) for number in range(3)))
    office.deliver()
    dropped = office.store.outbox.listed([DeliveryState.DROPPED])
    assert len(dropped) == 3
    assert all("this person" in row.error for row in dropped)
    assert {row.error_code for row in dropped} == {code}
    assert office.store.acts.following() == {(1, BEN)}
    assert remind_people(office.store, office.now + timedelta(days=2)) == ()
    assert office.store.notices.present() == ()
    assert office.store.pauses.resting(office.now) == frozenset()
    with closing(sqlite3.connect(office.database)) as db:
        kept = db.execute("SELECT person, ended_at, ended_why FROM follows").fetchone()
    assert kept == (ANA, stamp(office.now), code)


def test_an_app_that_may_not_write_to_people_is_told_the_cure(office: Office) -> None:
    """That is a switch in its settings: nobody has left, and nobody's wishes end."""
    office.store.acts.follow(office.open_matter(), Person(ANA), office.now)
    office.workspace.faults.append(("chat.postMessage", "error", "messages_tab_disabled"))
    office.enqueue(direct(1))
    office.deliver()
    (failed,) = office.store.outbox.listed([DeliveryState.FAILED])
    assert "switch the Messages Tab on" in failed.error
    assert office.store.acts.following() == {(1, ANA)}


def test_who_comes_back_may_follow_again(office: Office) -> None:
    """The account was only asleep."""
    message = office.tell()
    office.click(message, "more", "follow")
    office.workspace.faults.append(("chat.postMessage", "error", "user_disabled"))
    office.enqueue(direct(1))
    office.deliver()
    assert "You follow matter 1" in office.click(message, "more", "follow")
    office.enqueue(direct(2))
    office.deliver()
    assert len(office.workspace.conversation(ANA).messages) == 1


def test_a_bot_whose_own_account_sleeps_ends_nobodys_wishes(office: Office) -> None:
    """Slack says account_inactive of the token, too: then everything waits for a person."""
    office.store.acts.follow(office.open_matter(), Person(ANA), office.now)
    office.workspace.faults.append(("chat.postMessage", "error", "account_inactive"))
    office.workspace.faults.append(("auth.test", "error", "account_inactive"))
    office.enqueue(direct(1))
    office.deliver()
    assert office.store.acts.following() == {(1, ANA)}
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.QUEUED]


def test_who_has_left_while_a_message_is_in_doubt_needs_nobody(office: Office) -> None:
    """The conversation cannot be opened any more, so nobody will ever know."""
    office.store.acts.follow(office.open_matter(), Person(ANA), office.now)
    office.workspace.faults.append(("chat.postMessage", "drop_after", None))
    office.workspace.faults.append(("conversations.open", "error", "user_disabled"))
    send(office, 1)
    assert [row.state for row in office.store.outbox.listed()] == [DeliveryState.DROPPED]
    assert office.store.acts.following() == frozenset()
    assert office.store.notices.present() == ()


def direct(number: int) -> Alert:
    """Make a direct alert."""
    return alert(key=f"{number}" * 32, channel=directly(ANA), kind="direct", matter=0)
