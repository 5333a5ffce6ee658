"""What is asked every second or at every poll costs no more when years are stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.store import Store
from tests.store.builders import DAY, NOW, item

STORED = 3_000
# SQLite's own steps; walking through all that is stored takes five times as many and more.
MOST_STEPS = 3_000
_EVERY = 100

_YEARS = """
WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {stored})
INSERT INTO matters (id, title, type, jurisdiction, url, lead_item, first_seen, last_changed)
SELECT i, 'An act', 'bill', '', '', 0, '2024', '2024' FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {stored})
INSERT INTO alerts (key, channel, kind, matter_id, state, next_attempt_at, created_at, headline,
    payload) SELECT 'k' || i, '#a', 'alert', i, 'sent', '2024', '2024', '', '{}' FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {stored})
INSERT INTO threads (channel, matter_id, reference, place, alert_id, opened_at)
SELECT '#a', i, 'r' || i, 'C1', i, '2024' FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {stored})
INSERT INTO polls (source, polled_at, outcome, reason, entries, new, updated, refused, requests,
    seconds, gap) SELECT 'council', '2024', 'unchanged', '', 0, 0, 0, 0, 1, 0, 0 FROM n;
ANALYZE;
"""

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "who follows": lambda store: store.acts.following(),
    "what is muted": lambda store: store.acts.muted(),
    "whom to remind": lambda store: store.acts.reminders_due(NOW),
    "whose date moved": lambda store: store.acts.reminders_unsure(),
    "dates ahead": lambda store: store.matters.ahead(NOW, NOW + 2 * DAY),
    "what is in doubt": lambda store: store.outbox.in_doubt(NOW),
    "what to send": lambda store: store.outbox.reserve(NOW),
    "when to send": lambda store: store.outbox.next_attempt(),
    "what is out of date": lambda store: store.threads.waiting(),
    "which dates passed": lambda store: store.threads.let_dates_pass(NOW),
    "what to mail": lambda store: store.mailings.reserve(NOW),
    "what is due": lambda store: store.sources.due(NOW),
    "which documents are due": lambda store: store.documents.due("council", NOW),
    "the last digest": lambda store: store.digests.latest("weekly"),
}


@pytest.fixture
def old_store(store: Store) -> Store:
    """Fill a store with years."""
    store.sources.begin(["council"], NOW)
    store.items.merge(item(), NOW)
    store._db._raw.executescript(_YEARS.replace("{stored}", str(STORED)))
    return store


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_all_the_time_does_not_walk_through_all_that_is_stored(
    old_store: Store, question: str
) -> None:
    """Matters, alerts, threads and polls are found by an index, or not looked at."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += _EVERY
        return 0

    old_store._db._raw.set_progress_handler(count, _EVERY)
    QUESTIONS[question](old_store)
    old_store._db._raw.set_progress_handler(None, 0)
    assert steps <= MOST_STEPS
