"""The heartbeat shows that every part of the service lives, and its silence that one does not."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import group
from monitor.errors import FetchError
from monitor.fetch import ping
from monitor.heart import Heart, last_beat
from tests.servers.misbehaving import Misbehaving, answer

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PARTS = ("polling", "delivery")


def test_it_beats_only_when_every_part_has_worked(tmp_path: Path) -> None:
    """A service that polls and cannot deliver is not well."""
    heart = Heart(tmp_path, PARTS)
    heart.alive("polling", NOW)
    assert last_beat(tmp_path) is None
    heart.alive("delivery", NOW + SECOND)
    assert last_beat(tmp_path) == NOW + SECOND


def test_it_stops_when_one_part_hangs(tmp_path: Path) -> None:
    """The other goes on, and that is not enough."""
    heart = Heart(tmp_path, PARTS)
    heart.alive("delivery", NOW)
    for minute in range(20):
        heart.alive("polling", NOW + minute * MINUTE)
    assert last_beat(tmp_path) == NOW + 5 * MINUTE


def test_the_address_outside_is_called_once_a_minute(tmp_path: Path) -> None:
    """Not at every cycle of a second."""
    calls: list[int] = []
    heart = Heart(tmp_path, ("polling",), lambda: calls.append(1))
    for second in range(130):
        heart.alive("polling", NOW + second * SECOND)
    assert len(calls) == 3


def test_an_address_that_does_not_answer_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And stops nothing."""

    def refused() -> None:
        raise FetchError("the heartbeat's address", "it cannot be reached")

    heart = Heart(tmp_path, ("polling",), refused)
    with caplog.at_level(logging.WARNING):
        for minute in range(5):
            heart.alive("polling", NOW + minute * MINUTE)
    assert [record.message for record in caplog.records] == ["the heartbeat is not heard"]
    assert last_beat(tmp_path) == NOW + 4 * MINUTE


def test_a_ping_reaches_its_address_and_a_fault_never_names_it() -> None:
    """It is a secret, like a webhook."""
    with Misbehaving() as server:
        server.on("/beat/secret", answer(b"OK"))
        ping(server.url("/beat/secret"))
        assert [one.target for one in server.seen] == ["/beat/secret"]
        with pytest.raises(FetchError) as refused:
            ping(server.url("/gone/secret"))
        gone = server.url("/beat/secret")
    with pytest.raises(FetchError) as unreachable:
        ping(gone)
    for caught in (refused, unreachable):
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("age", "status", "says"),
    [(SECOND, 0, "Alive"), (6 * MINUTE, 1, "Not alive"), (None, 1, "never run")],
)
def test_the_health_check_reads_the_last_beat(
    tmp_path: Path, age: timedelta | None, status: int, says: str
) -> None:
    """Old is dead, and none at all is dead."""
    if age is not None:
        Heart(tmp_path, ("polling",)).alive("polling", datetime.now(UTC) - age)
    result = CliRunner().invoke(group, ["--state", str(tmp_path), "health"], standalone_mode=False)
    assert result.return_value == status
    assert says in result.stdout


def test_a_file_that_is_no_heartbeat_is_none(tmp_path: Path) -> None:
    """A full disk may leave it empty."""
    (tmp_path / "heartbeat").write_text("", encoding="ascii")
    assert last_beat(tmp_path) is None
