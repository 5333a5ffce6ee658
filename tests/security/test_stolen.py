"""A stolen database, backup or archive: what stands in it, and what does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from monitor.models import Subscriber
from monitor.store import Store
from tests.end_to_end.world import World

ADDRESS = "stolen.person@people.test"
# Where an address or a token stands: nowhere else, so that `subscribers remove --erase` forgets it.
ALLOWED = {("subscribers", "address"), ("subscribers", "folded"), ("subscribers", "token")}


def test_people_stand_in_one_table_and_can_be_erased(world: World) -> None:
    """No copy of an address or token in outboxes, digests, logs of deliveries or notices."""
    world.here("once")
    with Store.open(world.database) as store:
        wanted = Subscriber(0, ADDRESS, "Stolen Person")
        joined = store.subscribers.add(wanted, datetime.now(UTC), confirmed=True).subscriber
        store.mailings.queue("weekly", "2026-W47", None, datetime.now(UTC))
    assert found(world, ADDRESS) | found(world, joined.token) == ALLOWED
    with Store.open(world.database) as store:
        store.subscribers.erase(joined.id)
    assert found(world, ADDRESS) | found(world, joined.token) | found(world, "Stolen") == set()


def found(world: World, word: str) -> set[tuple[str, str]]:
    """Name the tables and columns in which a word stands."""
    places = set()
    with closing(sqlite3.connect(world.database)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            for column in columns:
                query = f'SELECT 1 FROM "{table}" WHERE CAST("{column}" AS TEXT) LIKE ?'  # noqa: S608
                if db.execute(query, (f"%{word}%",)).fetchone():
                    places.add((table, column))
    return places


def test_a_token_of_a_subscriber_cannot_be_guessed(world: World) -> None:
    """192 bits of the system's randomness each: who has the database has them, nobody else.

    None begins with a hyphen, which a command would take for an option.
    """
    world.here("once")
    with Store.open(world.database) as store:
        tokens = {
            store.subscribers.add(
                Subscriber(0, f"p{n}@people.test"), datetime.now(UTC), confirmed=True
            ).subscriber.token
            for n in range(50)
        }
    assert len(tokens) == 50
    assert all(len(token) == 48 and set(token) <= set("0123456789abcdef") for token in tokens)
