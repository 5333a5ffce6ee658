"""`monitor run` with Slack's ears open: as the process that it is, killed, restarted, stopped."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Lead
from monitor.store import Store
from tests.end_to_end.world import LONGEST, World, news, until
from tests.servers.slack_api import APP_TOKEN
from tests.servers.slack_clicks import ANA, BEN, click, has_buttons, row_of, typed
from tests.servers.slack_socket import SocketMode
from tests.slackapp.office import state_of


class Hearing(World):
    """A world whose Slack is listened to."""

    @property
    def environment(self) -> dict[str, str]:
        """Say what the monitor's process finds in its environment."""
        return {**super().environment, "SLACK_APP_TOKEN": APP_TOKEN}

    @property
    def message(self) -> dict[str, Any]:
        """Return the first message of the channel, as it stands now."""
        return self.slack.workspace.room("#alerts").messages[0]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Hearing]:
    """Make a world in which one newspaper has been read, and has news."""
    with Hearing(tmp_path) as made:
        made.watch("herald")
        made.publish("herald", news("old"))
        made.learn()
        made.publish("herald", news("old"), news("one"))
        made.make_due("herald")
        yield made


@pytest.fixture
def socket(world: Hearing) -> Iterator[SocketMode]:
    """Switch Socket Mode on."""
    with SocketMode(world.slack.workspace) as server:
        yield server


@contextmanager
def running(world: Hearing, socket: SocketMode) -> Iterator[subprocess.Popen[str]]:
    """Run the service, until it is listened to and has told what there is."""
    joined = socket.joined
    with world.started("-v", "run") as service:
        socket.wait_for(joined + 1, LONGEST)
        until(world.told)
        yield service


def stop(service: subprocess.Popen[str]) -> None:
    """Ask the service to end; it has to end well, and within a container's ten seconds."""
    service.send_signal(signal.SIGTERM)
    assert service.wait(10.0) == 0


def events(world: Hearing) -> list[dict[str, Any]]:
    """Read what the service logged."""
    lines = (world.root / "stderr").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_a_click_is_heard_done_answered_and_shown(world: Hearing, socket: SocketMode) -> None:
    """From the button to the edited message, in the service's own threads."""
    with running(world, socket) as service:
        assert has_buttons(world.message)
        assert socket.deliver(click(world.message, "claim", base=socket.base))
        assert "You have claimed this" in socket.wait_for_answers(1)[0]
        until(lambda: f"Claimed: by {ANA}" in state_of(world.message))
        assert socket.deliver(typed("status", base=socket.base))
        assert "1 of 1 sources" in socket.wait_for_answers(2)[1]
        stop(service)
    assert socket.faults == []
    assert [one for one in events(world) if one["level"] in {"error", "warning"}] == []


def test_a_restart_forgets_nothing_and_does_nothing_twice(
    world: Hearing, socket: SocketMode
) -> None:
    """Claims, follows and mutes hold; what was acknowledged before the end is not done again."""
    with running(world, socket) as service:
        claim = click(world.message, "claim", base=socket.base)
        number = socket.send_only(claim)
        follow = click(world.message, "more", "follow", person=BEN, base=socket.base)
        assert socket.deliver(follow)
        socket.wait_for_answers(2)
        stop(service)
    with running(world, socket) as service:
        assert socket.redeliver(number)
        until(lambda: f"Claimed: by {ANA}" in state_of(world.message))
        late = click(world.message, "release", person=BEN, base=socket.base)
        assert socket.deliver(late)
        assert f"what <@{ANA}> had claimed" in socket.wait_for_answers(3)[2]
        stop(service)
    assert len(socket.answers) == 3
    with Store.open(world.database, read_only=True) as store:
        assert store.acts.claimed(2) is None
        assert store.acts.following() == {(2, BEN)}


def test_killed_in_the_middle_it_goes_on_whole(world: Hearing, socket: SocketMode) -> None:
    """SIGKILL among clicks: each act is whole or not there, and a second click mends it."""
    for number in range(4):
        with running(world, socket) as service:
            for _ in range(5 * (number + 1)):
                payload = click(world.message, "relevant", base=socket.base)
                socket.send_only(payload)
                socket.send_only(click(world.message, "remind", "tomorrow", base=socket.base))
            service.kill()
            service.wait(LONGEST)
    with running(world, socket) as service:
        known = len(socket.answers)
        assert socket.deliver(click(world.message, "relevant", base=socket.base))
        assert socket.deliver(click(world.message, "remind", "tomorrow", base=socket.base))
        socket.wait_for_answers(known + 2)
        until(lambda: "Judged: 1 relevant" in state_of(world.message))
        stop(service)
    with Store.open(world.database, read_only=True) as store:
        assert store.upkeep.check() == ()
        assert len(store.ledger.judgements()) == 1
        due = store.acts.reminders_due(store.outbox.listed()[0].created_at.replace(year=2100))
        assert {one.lead for one in due} == {Lead.TOMORROW}
        assert len({one.due_at for one in due}) == len(due)


def test_a_click_that_was_acknowledged_survives_a_kill(world: Hearing, socket: SocketMode) -> None:
    """A poll keeps the database busy, Slack hears yes, SIGKILL: the next start does it, once."""
    with running(world, socket) as service, closing(sqlite3.connect(world.database)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        number = socket.send_only(click(world.message, "claim", base=socket.base))
        assert socket.deliver(click(world.message, "relevant", person=BEN, base=socket.base))
        until(lambda: socket.acknowledged[number])
        service.kill()
        service.wait(LONGEST)
    with Store.open(world.database, read_only=True) as store:
        assert store.acts.claimed(2) is None
    with running(world, socket) as service:
        until(lambda: f"Claimed: by {ANA}" in state_of(world.message))
        until(lambda: "Judged: 1 relevant" in state_of(world.message))
        assert socket.redeliver(number)
        stop(service)
    assert len(world.slack.workspace.whispers) == 2
    assert list((world.root / "state" / "inbox").iterdir()) == []
    with Store.open(world.database, read_only=True) as store:
        assert len(store.ledger.judgements(history=True)) == 1


def test_what_was_acknowledged_is_done_before_it_ends(world: Hearing, socket: SocketMode) -> None:
    """SIGTERM among clicks loses none of those that Slack believes to be taken."""
    with running(world, socket) as service:
        payloads = [click(world.message, "relevant", base=socket.base) for _ in range(30)]
        sent = [socket.send_only(payload) for payload in payloads]
        until(lambda: sum(socket.acknowledged[number] for number in sent) >= 10)
        stop(service)
    taken = sum(socket.acknowledged[number] for number in sent)
    assert len(socket.answers) == taken


def test_a_drop_in_service_is_healed(world: Hearing, socket: SocketMode) -> None:
    """The next click is heard; polling and delivering went on."""
    with running(world, socket) as service:
        socket.drop()
        socket.wait_for(2)
        assert socket.deliver(click(world.message, "relevant", base=socket.base))
        socket.wait_for_answers(1)
        stop(service)


def test_without_the_apps_token_nobody_listens_and_nothing_can_be_clicked(
    world: Hearing, socket: SocketMode
) -> None:
    """The bot's token alone posts."""
    assert World.monitor(world, "once", SLACK_APP_TOKEN="").status == 0
    assert not has_buttons(world.message)
    assert socket.joined == 0


def test_a_round_by_hand_posts_no_button_until_the_service_listens(
    world: Hearing, socket: SocketMode
) -> None:
    """`monitor once` says so; `monitor run` brings the buttons, and takes its ears along."""
    ran = world.monitor("once")
    assert "without buttons" in ran.out
    assert not has_buttons(world.message)
    with running(world, socket) as service:
        until(lambda: has_buttons(world.message))
        world.publish("herald", news("old"), news("one"), news("two"))
        world.make_due("herald")
        assert "without buttons" not in world.monitor("once").out
        until(lambda: len(world.told()) > 1)
        assert has_buttons(world.slack.workspace.room("#alerts").messages[1])
        stop(service)
    assert not (world.root / "state" / "listening").exists()


def test_a_broken_connection_never_ends_the_service(world: Hearing) -> None:
    """Socket Mode is off: alerts are told all the same, and the log says what to do."""
    with world.started("-v", "run") as service:
        until(world.told)
        until(lambda: any(one["event"].endswith("not heard") for one in events(world)))
        stop(service)
    (said,) = [one for one in events(world) if one["level"] == "error"]
    assert said["code"] == "socket_mode_not_enabled"
    assert row_of(world.message)["elements"]
