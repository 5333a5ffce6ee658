"""Turns at computing: one thread at a time, and nobody waits for long."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from monitor.models import Request, Response, Validators
from monitor.turns import AsideFetcher, AsideOcr, Turns

PATIENCE = 10.0
ANSWER = Response(Request("http://a.example/"), "", 200, (), b"", datetime(2026, 1, 1, tzinfo=UTC))


class Publisher:
    """A fetcher whose answer waits for leave."""

    def __init__(self) -> None:
        self.asked, self.leave = threading.Event(), threading.Event()

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer once there is leave."""
        del request, last
        self.asked.set()
        assert self.leave.wait(PATIENCE)
        return ANSWER

    def words(self, picture: bytes) -> str:
        """Read a picture once there is leave."""
        del picture
        self.asked.set()
        assert self.leave.wait(PATIENCE)
        return "words"


@pytest.mark.parametrize("aside", ["fetch", "words"])
def test_who_waits_for_others_gives_up_the_turn(aside: str) -> None:
    """While one thread asks a publisher, or another program, the next one computes."""
    turns, publisher = Turns(), Publisher()
    found: list[object] = []

    def visit() -> None:
        with turns.taken():
            if aside == "fetch":
                found.append(AsideFetcher(publisher, turns).fetch(ANSWER.request))
            else:
                found.append(AsideOcr(publisher, turns).words(b""))

    worker = threading.Thread(target=visit)
    worker.start()
    assert publisher.asked.wait(PATIENCE)
    with turns.taken():
        assert not found
        publisher.leave.set()
    worker.join(PATIENCE)
    assert found == [ANSWER if aside == "fetch" else "words"]


def test_a_turn_that_lasts_is_not_waited_for() -> None:
    """A courtesy and no lock: whoever reads a thousand pages stops nobody."""
    turns = Turns()
    done = threading.Event()

    def other() -> None:
        with turns.taken():
            done.set()

    with turns.taken():
        worker = threading.Thread(target=other)
        worker.start()
        assert done.wait(PATIENCE)
    worker.join(PATIENCE)
    with turns.taken():
        pass


def test_a_turn_is_given_up_at_a_fault() -> None:
    """A visit that fails leaves the turn to the next."""
    turns = Turns()
    with pytest.raises(ValueError, match="a fault"), turns.taken():
        raise ValueError("a fault")
    assert not turns._lock.locked()
