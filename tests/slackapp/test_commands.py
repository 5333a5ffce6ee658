"""The command /monitor: short answers with links, to one person, whatever is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.config import Source
from monitor.connectors.rss import Rss
from monitor.models import Collected, Direction, Identifier, Outcome, Stage
from monitor.personal import for_followers
from monitor.slackapp import commands
from monitor.slackapp.answers import MOST_LINES, MOST_PAIRS
from tests.alerts.builders import NOW, alert
from tests.servers.slack_clicks import ANA, BEN, has_buttons
from tests.slackapp.office import CHANNEL, HEARING, PLACE, Office

HERALD = Source(
    id="herald",
    name="The Herald",
    kind="rss",
    connector=Rss(url="https://herald.example.org/feed"),
    jurisdiction="ocd-division/country:us/state:ny",
    every=timedelta(hours=1),
    cron="",
    timezone="America/New_York",
)


def told_by(office: Office, *, failed: bool) -> None:
    """Let the Herald be polled."""
    office.app.stop()
    office.sources = (HERALD,)
    office.store.sources.begin([HERALD.id], NOW)
    outcome = Outcome.FAILED if failed else Outcome.CHANGED
    polled = Collected(HERALD.id, NOW, outcome, "it answers with an error page" if failed else "")
    office.store.sources.finish_poll(polled, NOW, 0, 0)
    office.hire()


def opened(office: Office, number: int) -> None:
    """Let so many matters come in, each with a hearing of its own."""
    for n in range(number):
        hearing = replace(HEARING, starts=NOW + timedelta(days=n + 1))
        office.open_matter(
            key=f"k{n}",
            title=f"Resolution {n} on detainers",
            identifiers=(Identifier("council_file", "x", f"RES {n}"),),
            hearings=(hearing,),
            url=f"https://council.example/{n}",
        )


def lines_of(office: Office) -> list[str]:
    """Return the lines of the last answer as they stand in its text."""
    return str(office.socket.answers[-1]["text"]).splitlines()


def test_search_lists_what_was_seen_with_links_and_numbers(office: Office) -> None:
    """The best first, at most five, and it says that there is more."""
    opened(office, 12)
    said = office.type("search detainers")
    assert "Resolution 0 on detainers (https://council.example/0)" in said
    assert "matter 1" in said
    assert "There is more: add words to narrow it." in said
    assert sum("https://" in line for line in lines_of(office)) == MOST_PAIRS


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("search", "Search for what?"),
        ("search xylophone", "Nothing was found for “xylophone”"),
        ('search "unclosed', "This search cannot be read"),
        ("search “Resolution 3”", "Resolution 3 on detainers"),
        ("search detain*", "Resolution 3 on detainers"),
        ("SEARCH Detainers", "Resolution 3 on detainers"),
        ("upcoming", "Ahead, of matters that were told here:"),
        ("upcoming ny", "Ahead in New York"),
        ("upcoming New York", "Ahead in New York"),
        ("upcoming ny/new york", "Ahead in New York City, NY"),
        ("upcoming ca", "No date is known in California for the next 60 days."),
        ("upcoming Atlantis", "This place is not known: “Atlantis”"),
        ("matter 3", "Matter 3: Resolution 2 on detainers"),
        ("matter #3", "Matter 3:"),
        ("3", "Matter 3:"),
        ("matter 99", "There is no matter 99"),
        ("matter", "Which matter?"),
        ("matter one", "Which matter?"),
        ("follow 3", "You follow matter 3"),
        ("unfollow 3", "You did not follow matter 3"),
        ("follow 99", "There is no matter 99"),
        ("follow", "Which matter?"),
        ("status", "0 of 0 sources were checked within the last day."),
        ("help", "/monitor search WORDS"),
        ("", "/monitor search WORDS"),
        ("serch ice", "There is no command “serch”. Did you mean /monitor search?"),
        ("statsu", "Did you mean /monitor status?"),
        ("unfolow 3", "Did you mean /monitor unfollow?"),
        ("qqqqqq", "There is no command “qqqqqq”.\n"),
        ("<!channel>", "There is no command “"),
    ],
)
def test_each_command_and_each_mistake_has_its_answer(
    office: Office, typed: str, expected: str
) -> None:
    """Wrong input gets the help, and the nearest command."""
    opened(office, 4)
    said = office.type(typed).replace("\u200b", "")
    assert expected in said
    assert "<!" not in said
    assert len(lines_of(office)) <= 2 * MOST_LINES + 2


def test_upcoming_lists_dates_in_order_and_counts_the_rest(office: Office) -> None:
    """The next one first, with weekday, countdown, place, and the matter's number."""
    opened(office, 11)
    said = office.type("upcoming")
    assert "Hearing Tue, Nov 24, 10:00 am EST (tomorrow" in said
    assert said.index("Resolution 0") < said.index("Resolution 1")
    assert "6 more are not shown." in said


def test_a_matter_is_shown_with_stage_date_claim_and_threads(office: Office) -> None:
    """All that one needs before a phone call."""
    matter = office.open_matter(stage=Stage.IN_COMMITTEE)
    office.tell(matter=matter)
    office.type(f"follow {matter}")
    message = office.messages[0]
    office.click(message, "claim", person=BEN)
    office.click(message, "relevant", person=BEN)
    said = office.type(f"matter {matter}")
    assert "In committee" in said
    assert "Next: Hearing Wed, Dec 2" in said
    assert f"Claimed: <@{BEN}>" in said
    assert "Judged: 1 relevant, 0 not relevant" in said
    assert f"{CHANNEL} (https://slack.com/archives/{PLACE}/p" in said


def test_mute_means_the_channel_in_which_it_is_typed(office: Office) -> None:
    """Where no alerts come, there is nothing to mute, and it says so."""
    matter = office.open_matter()
    office.tell(matter=matter)
    assert "is muted in" in office.type(f"mute {matter}")
    assert office.store.acts.muted() == {(matter, CHANNEL)}
    assert "is no longer muted" in office.type(f"unmute {matter}")
    assert "No alerts come to this channel" in office.type(f"mute {matter}", place="C02NY")
    assert office.store.acts.muted() == frozenset()


def test_status_says_what_is_really_checked(office: Office) -> None:
    """And what fails, by its name, with the reason."""
    told_by(office, failed=False)
    assert office.type("status") == "1 of 1 sources were checked within the last day."
    told_by(office, failed=True)
    said = office.type("status")
    assert "The Herald: it answers with an error page" in said
    office.enqueue(alert())
    assert "Alerts that wait to be sent: 1." in office.type("status")


def test_an_answer_keeps_blocks_limits_whatever_the_titles(office: Office) -> None:
    """The strict Slack refuses what is too long; here nothing is."""
    for n in range(12):
        office.open_matter(
            key=f"k{n}",
            title="移民 & <拘留> detainer " * 60,
            identifiers=(Identifier("council_file", "x", f"RES {n}"),),
            url="https://council.example/" + "x" * (n * 300),
        )
    for typed in ("search detainer", "upcoming", "matter 1"):
        office.type(typed)
        assert len(office.socket.answers[-1]["blocks"]) <= 6


def test_the_same_command_redelivered_is_answered_once(office: Office) -> None:
    """Slack repeats an envelope whose acknowledgement it missed."""
    office.type("help")
    (number,) = office.socket.acknowledged
    assert office.socket.redeliver(number)
    office.type("status")
    assert len(office.socket.answers) == 2


def test_a_direct_alert_comes_to_each_follower(office: Office) -> None:
    """Through the outbox, with a key of its own: a second poll tells nothing twice."""
    matter = office.open_matter()
    office.type(f"follow {matter}")
    office.type(f"follow {matter}", person=BEN)
    told = (alert(matter=matter, direction=Direction.LIMITS),)
    for _ in range(2):
        office.enqueue(*for_followers(told, office.store.acts.following()))
        office.deliver()
    for person in (ANA, BEN):
        (message,) = office.workspace.conversation(person).messages
        assert f"/monitor unfollow {matter}" in str(message["blocks"])
        assert not has_buttons(message)
        assert "thread_ts" not in message


def test_a_search_that_would_take_minutes_is_ended_and_said_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clicks of others wait for it; the next search works."""
    opened(office, 60)
    query = "r* OR " * 80 + "d*"
    assert "Found for" in office.type(f"search {query}")
    monkeypatch.setattr(commands, "SEARCH_SECONDS", 0.0)
    assert "takes too long; write fewer words" in office.type(f"search {query}")
    monkeypatch.undo()
    assert "Found for" in office.type("search detainers")
