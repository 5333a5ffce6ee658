"""That the pages are not served is told once, daily while it lasts, and once when it is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor.alerts import Routing
from monitor.models import Alert
from monitor.store import Store
from monitor.watching import tell_pages
from tests.store.builders import DAY, HOUR, NOW

FAULT = "127.0.0.1:8287 cannot be listened on: Address already in use"


def test_it_is_told_once_and_daily_and_when_it_is_over(tmp_path: Path) -> None:
    """In the health channel, with the reason and what to do."""
    routing = Routing("#alerts", (), "#health")
    told: list[Alert] = []
    with Store.open(tmp_path / "monitor.db") as store:
        for hours in (0, 1, 23, 25):
            with store.transaction():
                told += tell_pages(store, routing, FAULT, NOW + hours * HOUR)
        for days in (2, 3):
            told += tell_pages(store, routing, "", NOW + days * DAY)
    assert [one.headline for one in told] == [
        "The web pages are not served",
        "The web pages are still not served",
        "The web pages are served again",
    ]
    assert {one.channel for one in told} == {"#health"}
    assert len({one.key for one in told}) == 3
    assert (f"Reason: {FAULT}", "") in told[0].lines
    assert told[0].created_at == NOW
    assert told[1].created_at == NOW + timedelta(hours=25)
