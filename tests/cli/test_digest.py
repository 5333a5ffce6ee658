"""`digest`: the next one is looked at, one is sent once, and those composed are listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.digest import period_of, previous
from monitor.models import Subscriber
from monitor.store import Store
from tests.cli.conftest import Command
from tests.end_to_end.world import World, news
from tests.servers.smtp import SmtpServer

NEW_YORK = "America/New_York"
WEEK = period_of(datetime.now(UTC), NEW_YORK).id


@pytest.fixture
def busy(monitor: Command, world: World) -> World:
    """Have a week with one matter that was found after the first poll."""
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    assert monitor("once").status == 0
    return world


def stored(world: World) -> list[str]:
    """List the periods whose digests are stored."""
    with Store.open(world.database, read_only=True) as store:
        return [row.period for row in store.digests.listed()]


def test_a_preview_writes_files_and_stores_nothing(
    monitor: Command, busy: World, tmp_path: Path
) -> None:
    """HTML with its pictures beside it, text, dates; no alert and no digest comes of it."""
    alerts = len(busy.outbox())
    ran = monitor("digest", "preview", "--period", WEEK, "--to", str(tmp_path / "look"))
    assert ran.status == 0
    assert "1 new" in ran.out
    page = (tmp_path / "look" / "digest.html").read_text(encoding="utf-8")
    text = (tmp_path / "look" / "digest.txt").read_text(encoding="utf-8")
    assert "A detainer policy named c" in page
    assert "A detainer policy named c" in " ".join(text.split())
    assert "cid:" not in page
    for picture in (tmp_path / "look").glob("*.png"):
        assert picture.name in page
    assert b"BEGIN:VCALENDAR" in (tmp_path / "look" / "digest.ics").read_bytes()
    assert stored(busy) == []
    assert len(busy.outbox()) == alerts


def test_a_preview_goes_to_the_state_folder_by_default(monitor: Command, busy: World) -> None:
    """Under the digest's name and period; nothing is opened where nobody looks."""
    ran = monitor("digest", "preview", "--no-open")
    assert ran.status == 0
    (made,) = (busy.root / "state" / "preview").iterdir()
    assert made.name.startswith("weekly-")
    assert str(made.relative_to(busy.root) / "digest.html") in ran.out


def test_a_preview_in_spanish_keeps_titles_as_published(
    monitor: Command, busy: World, tmp_path: Path
) -> None:
    """Headings and dates are translated."""
    arguments = ("--period", WEEK, "--language", "es", "--to", str(tmp_path / "look"))
    assert monitor("digest", "preview", *arguments).status == 0
    page = (tmp_path / "look" / "digest.html").read_text(encoding="utf-8")
    assert 'lang="es"' in page
    assert "A detainer policy named c" in page
    del busy


def test_a_preview_as_json_is_the_digest_itself(monitor: Command, busy: World) -> None:
    """For other programs."""
    shown = monitor("digest", "preview", "--period", WEEK, "--json").json
    assert [one["title"] for one in shown["matters"]] == ["A detainer policy named c"]
    assert shown["checked"]["checked"] == 1
    assert stored(busy) == []


def test_sending_twice_sends_once(monitor: Command, busy: World) -> None:
    """The short version stands in the channel once, and the digest is composed once."""
    first = monitor("digest", "send", "--period", WEEK)
    assert first.status == 0, first.err
    assert "(composed)" in first.out
    told = [text for text in busy.told() if "Immigration policy digest" in text]
    assert len(told) == 1
    assert f"{WEEK}: 1 matter" in told[0]
    busy.publish("herald", news("a"), news("c"), news("d"))
    monitor("once")
    again = monitor("digest", "send", "--period", WEEK, "--json")
    assert (again.json["fresh"], again.json["matters"]) == (False, 1)
    assert [text for text in busy.told() if "Immigration policy digest" in text] == told
    assert stored(busy) == [WEEK]


def test_a_digest_that_was_sent_is_previewed_as_it_was(monitor: Command, busy: World) -> None:
    """Whatever came after it."""
    monitor("digest", "send", "--period", WEEK)
    busy.publish("herald", news("a"), news("c"), news("d"))
    monitor("once")
    shown = monitor("digest", "preview", "--period", WEEK, "--json").json
    assert len(shown["matters"]) == 1


def test_the_composed_ones_are_listed(monitor: Command, busy: World) -> None:
    """With the fate of their copies."""
    assert "No digest was composed yet" in monitor("digest", "list").out
    monitor("digest", "send", "--period", WEEK)
    listed = monitor("digest", "list")
    assert listed.status == 0
    assert WEEK in listed.out
    (row,) = monitor("digest", "list", "--json").json
    assert (row["name"], row["period"], row["matters"], row["copies"]) == ("weekly", WEEK, 1, {})
    del busy


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--period", "last week"), "is no period (write a week as 2026-W47"),
        (("--period", "2026-11-23"), "tells of weeks"),
        (("--period", "2999-W01"), "2999-W01 has not begun"),
        (("--name", "weakly"), "monitor.yaml has no digest 'weakly' (did you mean 'weekly'?)"),
    ],
)
def test_wrong_arguments_are_told_with_the_cure(
    monitor: Command, busy: World, arguments: tuple[str, ...], said: str
) -> None:
    """Exit status 2, and nothing was composed."""
    ran = monitor("digest", "send", *arguments)
    assert ran.status == 2
    assert said in " ".join(ran.err.split())
    assert stored(busy) == []


def test_an_older_period_than_the_last_one_is_refused(monitor: Command, busy: World) -> None:
    """What happened in it stands in the later digest."""
    monitor("digest", "send", "--period", WEEK)
    older = previous(period_of(datetime.now(UTC), NEW_YORK)).id
    ran = monitor("digest", "send", "--period", older)
    assert ran.status == 2
    assert f"{WEEK} was composed already" in " ".join(ran.err.split())
    assert stored(busy) == [WEEK]


def test_without_a_database_there_is_nothing_to_send(monitor: Command) -> None:
    """It says what to run first; exit status 1."""
    for command in ("preview", "send", "list"):
        ran = monitor("digest", command)
        assert ran.status == 1
        assert "monitor once" in ran.err


def test_without_slack_the_short_version_is_printed(monitor: Command, busy: World) -> None:
    """And nothing is queued."""
    busy.speaks_slack = False
    ran = monitor("digest", "send", "--period", WEEK)
    assert ran.status == 0
    assert "A detainer policy named c" in ran.out
    assert not [row for row in busy.outbox() if row.alert.kind == "digest"]


def test_a_configured_digest_goes_to_its_own_channel_under_its_own_name(
    monitor: Command, busy: World
) -> None:
    """`once` composes it when its time has come, and not again."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    digest = {"id": "daily", "at": "daily 00:00", "timezone": "UTC", "title": "Day by day"}
    busy.digests = [digest | {"channel": "#health"}]
    busy.write_configuration()
    busy.began(yesterday - timedelta(days=3))
    assert monitor("once").status == 0
    assert stored(busy) == [f"{yesterday:%Y-%m-%d}"]
    assert monitor("once").status == 0
    assert len([text for text in busy.told("#health") if "Day by day" in text]) == 1


def subscribed(world: World, *names: str) -> None:
    """Add confirmed subscribers."""
    with Store.open(world.database) as store:
        for name in names:
            wanted = Subscriber(0, f"{name}@example.org")
            store.subscribers.add(wanted, datetime.now(UTC), confirmed=True)


def test_each_subscriber_is_mailed_one_copy(monitor: Command, busy: World) -> None:
    """However often it is sent; who subscribed in between gets one, too."""
    subscribed(busy, "ana", "bo")
    with SmtpServer() as server:
        busy.secrets["SMTP_URL"] = server.url
        ran = monitor("digest", "send", "--period", WEEK)
        assert ran.status == 0, ran.err
        assert "2 copies queued" in ran.out
        assert "2 copies mailed" in ran.out
        assert monitor("digest", "send", "--period", WEEK).status == 0
        subscribed(busy, "cy")
        assert monitor("digest", "send", "--period", WEEK).status == 0
        assert sorted(server.addresses()) == [f"{name}@example.org" for name in ("ana", "bo", "cy")]
    (row,) = monitor("digest", "list", "--json").json
    assert row["copies"] == {"sent": 3}


def test_without_a_mail_server_copies_wait(monitor: Command, busy: World) -> None:
    """And it says for what."""
    subscribed(busy, "ana")
    ran = monitor("digest", "send", "--period", WEEK)
    assert "1 copy waits until SMTP_URL is set" in ran.out
