"""A button stands only where somebody hears it; who comes to listen later brings it along."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.heart import Ears
from tests.alerts.builders import NOW
from tests.servers.slack_clicks import ANA, has_buttons
from tests.slackapp.office import Office, state_of

MINUTE = timedelta(minutes=1)


def edits(office: Office) -> int:
    """Count the edits that were asked for."""
    return sum(method == "chat.update" for method, _ in office.workspace.calls)


def test_a_message_sent_while_nobody_listens_gets_its_buttons_later(office: Office) -> None:
    """A round by hand tells of it; the service comes, edits it once, and hears the click."""
    office.is_heard = False
    message = office.tell()
    assert not has_buttons(message)
    office.is_heard = True
    for _ in range(3):
        office.store.threads.offer_buttons(NOW - MINUTE)
        message = office.edited(message)
    assert has_buttons(message)
    assert edits(office) == 1
    assert "You have claimed this" in office.click(message, "claim")
    assert f"by {ANA}" in state_of(office.edited(message))


def test_a_message_that_is_edited_while_nobody_listens_loses_them_until_somebody_does(
    office: Office,
) -> None:
    """What was done about it stays shown all the while."""
    message = office.tell()
    office.click(message, "claim")
    office.is_heard = False
    message = office.edited(message)
    assert not has_buttons(message)
    assert f"by {ANA}" in state_of(message)
    office.is_heard = True
    assert not has_buttons(office.edited(message))
    office.store.threads.offer_buttons(NOW - MINUTE)
    assert "You have released it" in office.click(office.edited(message), "release")


def test_messages_of_old_stay_as_they_are(office: Office) -> None:
    """A restart does not edit the messages of years."""
    office.is_heard = False
    message = office.tell()
    office.is_heard = True
    office.store.threads.offer_buttons(NOW + MINUTE)
    assert not has_buttons(office.edited(message))
    assert edits(office) == 0


def test_a_message_found_again_after_a_crash_may_lack_them(office: Office) -> None:
    """Nobody knows with what it was sent, so it is edited once."""
    office.workspace.faults.append(("chat.postMessage", "drop_after", None))
    office.enqueue_first()
    office.deliver()
    office.now += MINUTE
    office.deliver()
    office.store.threads.offer_buttons(NOW - MINUTE)
    office.deliver()
    (message,) = office.messages
    assert has_buttons(message)
    assert edits(office) == 1


def test_ears_are_open_for_minutes_and_closed_at_once(tmp_path: Path) -> None:
    """A short drop closes none; a service that died is not listened to for ever."""
    ears, elsewhere = Ears(tmp_path), Ears(tmp_path)
    assert not elsewhere.hear(NOW)
    ears.listen(NOW)
    assert elsewhere.hear(NOW + 5 * MINUTE)
    assert not elsewhere.hear(NOW + 6 * MINUTE)
    assert not Ears(tmp_path, plugged=True).hear(NOW)
    ears.listen(NOW)
    ears.close()
    ears.close()
    assert not elsewhere.hear(NOW)


def test_what_is_no_time_is_no_listener(tmp_path: Path) -> None:
    """Whatever stands in the file."""
    (tmp_path / "listening").write_bytes(b"\xff yesterday")
    assert not Ears(tmp_path).hear(NOW)
