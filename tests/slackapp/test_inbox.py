"""What was acknowledged is done, whatever ends the program in between."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Lead, Relevance
from monitor.personal import directly
from monitor.queueing import remind_people
from monitor.slackapp import app as app_module
from monitor.slackapp.acting import Acting
from monitor.slackapp.inbox import Inbox
from monitor.slackapp.payloads import read
from tests.alerts.builders import NOW
from tests.end_to_end.world import until
from tests.servers.slack_clicks import ANA, BEN, click, typed
from tests.slackapp.office import PLACE, Office


def left(office: Office) -> list[Path]:
    """List what is written down and not done."""
    return sorted((office.root / "inbox").glob("*"))


def leave(office: Office, payload: dict[str, Any], number: str, *, minutes: int = 0) -> None:
    """Write down what a program took before it died."""
    kind = "slash_commands" if "command" in payload else "interactive"
    request = read(kind, number, payload)
    Inbox(office.root / "inbox").keep(request, NOW - timedelta(minutes=minutes))


def test_what_a_program_left_over_is_done_by_the_next_one(office: Office) -> None:
    """In the order in which it was clicked, as of then; and each person is told."""
    message = office.tell()
    office.app.stop()
    leave(office, click(message, "claim", person=BEN), "e-2", minutes=20)
    leave(office, click(message, "claim"), "e-1", minutes=30)
    leave(office, click(message, "relevant"), "e-3", minutes=10)
    leave(office, typed("follow 1", person=BEN, place=PLACE), "e-4")
    office.hire()
    until(lambda: not left(office))
    claim = office.store.acts.claimed(1)
    assert claim is not None
    assert (claim.person.id, claim.claimed_at) == (ANA, NOW - timedelta(minutes=30))
    (said,) = office.store.ledger.judgements()
    assert said.relevance is Relevance.RELEVANT
    assert office.store.acts.following() == {(1, BEN)}
    until(lambda: len(office.workspace.whispers) == 4)
    assert [one["user"] for one in office.workspace.whispers] == [ANA, BEN, ANA, BEN]


def test_what_was_done_and_not_forgotten_is_not_done_again(office: Office) -> None:
    """The program died between the two."""
    message = office.tell()
    payload = click(message, "relevant", base=office.socket.base)
    number = office.socket.send_only(payload)
    office.socket.wait_for_answers(1)
    office.app.stop()
    leave(office, payload, number)
    office.hire()
    until(lambda: not left(office))
    assert len(office.store.ledger.judgements(history=True)) == 1
    assert office.workspace.whispers == []


def test_tomorrow_is_the_day_after_the_click(office: Office) -> None:
    """Clicked on Sunday, done on Monday after nine: the reminder is late, and comes at once."""
    message = office.tell()
    office.app.stop()
    leave(office, click(message, "remind", "tomorrow"), "e-1", minutes=24 * 60)
    office.now += timedelta(hours=4)
    office.hire()
    until(lambda: not left(office))
    (due,) = office.store.acts.reminders_due(office.now)
    assert (due.lead, due.due_at < office.now) == (Lead.TOMORROW, True)
    (told,) = remind_people(office.store, office.now)
    assert told.channel == directly(ANA)


def test_what_was_left_over_waits_until_it_can_be_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for an answer by now, so nobody is told to try again."""
    monkeypatch.setattr(app_module, "AGAIN_SECONDS", 0.01)
    message = office.tell()
    office.app.stop()
    leave(office, click(message, "claim"), "e-1")
    office.workspace.faults.extend([("auth.test", "503", 1)] * 3)
    office.hire()
    until(lambda: office.store.acts.claimed(1) is not None)
    until(lambda: len(office.workspace.whispers) == 1)
    assert "You have claimed this" in office.workspace.whispers[0]["text"]


def test_an_end_leaves_what_it_has_no_time_for_to_the_next_start(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was acknowledged, so it is done."""
    monkeypatch.setattr(app_module, "LAST_ACTS_SECONDS", 0.05)
    message = office.tell()
    held = threading.Event()
    with monkeypatch.context() as slow:
        slow.setattr(Acting, "click", lambda *_: held.wait(20) and None)
        for person in (ANA, BEN):
            assert office.socket.deliver(click(message, "relevant", person=person))
        office.app.stop()
        assert len(left(office)) == 2
        kept = [path.read_bytes() for path in left(office)]
        held.set()
        until(lambda: not left(office))
    for number, text in enumerate(kept):
        (office.root / "inbox" / f"{number}.json").write_bytes(text)
    office.hire()
    until(lambda: len(office.store.ledger.judgements()) == 2)


def test_nobody_else_can_read_it_and_it_holds_no_address_that_takes_posts(office: Office) -> None:
    """The address that came with a click lets anybody post for half an hour."""
    message = office.tell()
    payload = click(message, "claim")
    leave(office, payload, "e-1")
    folder, (kept,) = office.root / "inbox", left(office)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for secret in (payload["response_url"], payload["token"], "Prohibiting"):
        assert secret.encode() not in kept.read_bytes()


def test_a_disk_that_takes_nothing_is_told_by_slack_itself(office: Office) -> None:
    """What cannot be kept is not acknowledged; the next click works."""
    message = office.tell()
    (office.root / "inbox").write_text("in the way")
    assert not office.socket.deliver(click(message, "claim"), seconds=0.5)
    assert office.store.acts.claimed(1) is None
    (office.root / "inbox").unlink()
    assert "You have claimed this" in office.click(message, "claim")
    until(lambda: not left(office))


def test_what_cannot_be_read_is_put_aside(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """A half-written file was never acknowledged; a damaged one stops nothing."""
    office.app.stop()
    folder = office.root / "inbox"
    folder.mkdir()
    (folder / "1.json").write_text('{"request": "rm -rf", "taken_at": 7}')
    (folder / "2.unfinished").write_text('{"req')
    office.hire()
    assert [path.name for path in left(office)] == ["1.unreadable"]
    assert "cannot be read" in caplog.text
    assert "Nothing was found" in office.type("search nothing")
