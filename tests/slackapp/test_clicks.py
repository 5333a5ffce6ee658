"""Every button: the click, the database, the answer to one person, the edited message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.channels import SlackChannel
from monitor.models import Delivery, Misfit, Relevance
from monitor.queueing import remind_people
from monitor.store import Arrival, DeliveryState
from tests.alerts.builders import NOW, alert, item
from tests.servers.slack_api import TOKEN
from tests.servers.slack_clicks import ANA, BEN, click, has_buttons
from tests.slackapp.office import CHANNEL, HEARING, Office, state_of


def test_relevant_is_written_down_and_counted_on_the_message(office: Office) -> None:
    """Who, when, and what had made the alert."""
    message = office.tell()
    assert office.click(message, "relevant").startswith("Noted: relevant.")
    (said,) = office.store.ledger.judgements()
    assert (said.person.id, said.person.name) == (ANA, ANA.lower())
    assert (said.relevance, said.judged_at) == (Relevance.RELEVANT, NOW)
    assert said.matches[0].topic == "287g"
    assert "Judged: 1 relevant" in state_of(office.edited(message))


@pytest.mark.parametrize("why", list(Misfit))
def test_not_relevant_keeps_the_reason(office: Office, why: Misfit) -> None:
    """Wrong place, wrong topic, old news."""
    message = office.tell()
    assert f"not relevant ({why.value})" in office.click(message, "not_relevant", why.value)
    (said,) = office.store.ledger.judgements()
    assert (said.relevance, said.why) == (Relevance.NOT_RELEVANT, why)
    assert "1 not relevant" in state_of(office.edited(message))


def test_two_people_who_disagree_are_both_counted(office: Office) -> None:
    """And one who changes their mind is counted once."""
    message = office.tell()
    office.click(message, "relevant")
    office.click(message, "not_relevant", "old news", person=BEN)
    assert "1 relevant, 1 not relevant" in state_of(office.edited(message))
    office.click(office.edited(message), "relevant", person=BEN)
    assert "Judged: 2 relevant" in state_of(office.edited(message))
    assert office.click(office.edited(message), "relevant").startswith("You said so already")


def test_a_claim_is_shown_to_all_and_can_be_released(office: Office) -> None:
    """The message says who and when, and its button turns round."""
    message = office.tell()
    assert "You have claimed this" in office.click(message, "claim")
    claimed = office.edited(message)
    assert f"Claimed: by {ANA}, Mon, Nov 23" in state_of(claimed)
    assert "You have released it" in office.click(claimed, "release")
    free = office.edited(message)
    assert "Claimed" not in state_of(free)
    assert "You have claimed this" in office.click(free, "claim", person=BEN)
    assert f"by {BEN}" in state_of(office.edited(message))


def test_a_late_claim_is_told_whose_it_is(office: Office) -> None:
    """The message that the second person sees is a minute old."""
    message = office.tell()
    office.click(message, "claim")
    assert f"<@{ANA}> has it, since" in office.click(message, "claim", person=BEN)
    office.now += timedelta(minutes=1)
    assert "You have it already" in office.click(message, "claim")
    claimed = office.edited(message)
    said = office.click(claimed, "release", person=BEN)
    assert f"You have released what <@{ANA}> had claimed" in said
    assert "Nobody had claimed it" in office.click(claimed, "release", person=BEN)


def test_who_follows_is_told_directly_of_later_alerts(office: Office) -> None:
    """A message of its own, to one person, without buttons; and no more after that is ended."""
    message = office.tell()
    matter = office.store.ledger.judgements() or office.store.acts.threads(1)[0].matter
    assert matter == 1
    assert "You follow matter 1" in office.click(message, "more", "follow")
    assert office.store.acts.following() == {(1, ANA)}
    assert "You no longer follow" in office.click(message, "more", "unfollow")
    assert "You did not follow" in office.click(message, "more", "unfollow")
    assert office.store.acts.following() == frozenset()


def test_a_mute_is_shown_and_taken_back_on_the_same_menu(office: Office) -> None:
    """What waits is held, with the reason; the channel sees that it is muted."""
    message = office.tell()
    office.store.outbox.enqueue([alert(key="later", matter=1)], office.now)
    said = office.click(message, "more", "mute")
    assert f"Matter 1 is muted in {CHANNEL}" in said.replace("\u200b", "")
    held = office.store.outbox.listed([DeliveryState.HELD])
    assert [(row.alert.key, row.error) for row in held] == [("later", "muted in this channel")]
    muted = office.edited(message)
    assert "Muted: no more alerts" in state_of(muted)
    assert "is no longer muted" in office.click(muted, "more", "unmute")
    assert "Muted" not in state_of(office.edited(message))


@pytest.mark.parametrize(
    ("choice", "due"),
    [
        ("tomorrow", datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("day before", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("week before", datetime(2026, 11, 25, 17, tzinfo=UTC)),
    ],
)
def test_a_reminder_comes_at_nine_on_the_persons_own_clock(
    office: Office, choice: str, due: datetime
) -> None:
    """Ana lives in Los Angeles: 9 am is 17:00 UTC in November."""
    message = office.tell()
    assert "9:00 am PST" in office.click(message, "remind", choice)
    assert office.store.acts.reminders_due(due - timedelta(seconds=1)) == ()
    office.now = due
    remind_people(office.store, due)
    office.deliver()
    (told,) = office.workspace.conversation(ANA).messages
    assert told["text"].startswith("You asked to be reminded: INT 1234-2026")
    assert "thread_ts" not in told
    assert not has_buttons(told)
    assert any("Told in" in str(block) for block in told["blocks"])
    remind_people(office.store, due + timedelta(minutes=1))
    office.deliver()
    assert len(office.workspace.conversation(ANA).messages) == 1


def test_a_reminder_moves_with_its_hearing(office: Office) -> None:
    """The day before is the day before the new date."""
    message = office.tell()
    office.click(message, "remind", "day before")
    moved = replace(HEARING, starts=NOW + timedelta(days=16))
    changed = item(hearings=(moved,), fingerprint="f2")
    office.store.items.merge_all([Arrival(changed)], NOW + timedelta(hours=1))
    remind_people(office.store, NOW + timedelta(days=8, hours=6))
    assert office.store.outbox.listed([DeliveryState.QUEUED]) == ()
    (told,) = remind_people(office.store, NOW + timedelta(days=15, hours=6))
    assert told.channel == f"@{ANA}"
    assert told.item is not None
    assert [one.starts for one in told.item.hearings] == [moved.starts]


def test_a_morning_that_is_over_is_no_reminder(office: Office) -> None:
    """The person is told so, and what works instead."""
    message = office.tell()
    office.now = NOW + timedelta(days=8, hours=12)
    assert "That morning is over" in office.click(message, "remind", "day before")
    assert "9:00 am PST" in office.click(message, "remind", "tomorrow")


def test_without_a_known_zone_the_places_own_clock_is_taken_and_said(office: Office) -> None:
    """Slack says nothing where the app lacks users:read."""
    message = office.tell()
    office.workspace.scopes.discard("users:read")
    said = office.click(message, "remind", "tomorrow")
    assert "9:00 am EST" in said
    assert "Slack does not tell your time zone" in said


def test_a_button_on_a_deleted_message_still_counts(office: Office) -> None:
    """The click came in the moment in which somebody deleted it: nothing breaks."""
    message = office.tell()
    office.room.messages.clear()
    assert "Noted" in office.click(message, "relevant")
    office.deliver()
    assert office.messages == []
    assert len(office.store.ledger.judgements()) == 1


def test_an_unknown_alert_is_said_to_be_unknown(office: Office) -> None:
    """A message of another database, or older than this one."""
    message = office.tell()
    message["blocks"][-1]["block_id"] = f"alert:{'0' * 32}:{'0' * 8}"
    assert "not known any more" in office.click(message, "relevant")


def test_a_button_in_another_channel_does_nothing(office: Office) -> None:
    """Somebody has made a payload up, or forwarded the message."""
    message = office.tell()
    elsewhere = {**message, "channel": "C02NY"}
    assert "another channel" in office.click(elsewhere, "claim")
    assert office.store.acts.claimed(1) is None


@pytest.mark.parametrize("stranger", ["team", "user"])
def test_somebody_of_another_workspace_can_do_nothing(office: Office, stranger: str) -> None:
    """In a shared channel everybody sees the buttons."""
    payload = click(office.tell(), "claim", base=office.socket.base)
    if stranger == "team":
        payload["team"]["id"] = "T99OTHER"
    else:
        payload["user"]["team_id"] = "T99OTHER"
    assert "Only members of this workspace" in office.send(payload)
    assert office.store.acts.claimed(1) is None


def test_a_choice_that_is_not_offered_does_nothing(office: Office) -> None:
    """A payload can be made up; only our own words are acted on."""
    payload = click(office.tell(), "more", "follow", base=office.socket.base)
    payload["actions"][0]["selected_option"]["value"] = "delete everything"
    assert "not known" in office.send(payload)


def test_a_redelivered_click_acts_once_and_is_answered_once(office: Office) -> None:
    """Slack repeats what it believes not to have arrived."""
    message = office.tell()
    payload = click(message, "relevant", base=office.socket.base)
    number = office.socket.send_only(payload)
    assert office.socket.redeliver(number)
    assert office.socket.deliver(payload), "the same click in another envelope"
    office.app.stop()
    assert len(office.socket.answers) == 1
    assert len(office.store.ledger.judgements(history=True)) == 1


def test_a_reply_that_all_see_has_buttons_that_work(office: Office) -> None:
    """They act on the matter, and its first message shows it."""
    message = office.tell()
    reply = office.tell(matter=1, key="0" * 32, for_everyone=True, headline="Passed")
    assert reply["thread_ts"] == message["ts"]
    office.click(reply, "claim")
    assert f"by {ANA}" in state_of(office.edited(message))


def test_without_anybody_who_listens_there_are_no_buttons(office: Office) -> None:
    """A dead button is worse than none."""
    SlackChannel(TOKEN, office.slack.url, now=lambda: NOW).send(Delivery(1, alert()))
    (message,) = office.messages
    assert not has_buttons(message)


def test_where_the_address_takes_no_answer_it_comes_as_a_whisper(office: Office) -> None:
    """chat.postEphemeral, seen by the one person alone."""
    message = office.tell()
    office.socket.refuses_answers = True
    assert office.socket.deliver(click(message, "claim", base=office.socket.base))
    office.app.stop()
    (whisper,) = office.workspace.whispers
    assert (whisper["user"], whisper["channel"]) == (ANA, message["channel"])
    assert "You have claimed this" in whisper["text"]


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest", "https://evil.example/x", "file:///etc/passwd", ""]
)
def test_no_answer_goes_to_an_address_that_is_not_slacks(office: Office, address: str) -> None:
    """Whatever a payload names: the answer goes through Slack's own method."""
    message = office.tell()
    payload = {**click(message, "claim"), "response_url": address}
    assert office.socket.deliver(payload)
    office.app.stop()
    assert len(office.workspace.whispers) == 1


def test_no_answer_goes_to_another_name_of_this_machine(office: Office) -> None:
    """Only the host of SLACK_API_URL may stand in for Slack."""
    message = office.tell()
    base = office.socket.base.replace("127.0.0.1", "localhost")
    assert office.socket.deliver(click(message, "claim", base=base))
    office.app.stop()
    assert office.socket.answers == []
    assert len(office.workspace.whispers) == 1


def test_a_publishers_words_stay_words_in_an_answer(office: Office) -> None:
    """Nothing of a title rings, links or formats."""
    office.open_matter(title="<!channel> *Vote* <https://evil.example|here>", key="x")
    said = office.type("matter 1")
    assert "<!channel>" not in said
    assert "<https://evil" not in said
