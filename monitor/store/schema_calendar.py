"""The statements of the step that adds what calendars were given."""

from __future__ import annotations

# A row is a date as calendars last got it: with its name, which it keeps when it is moved, and the
# number of its changes. `before` is where it stood before its last move.
CALENDAR = """
CREATE TABLE calendar_entries (
    uid TEXT PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    starts TEXT NOT NULL,
    before TEXT,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    hearing TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calendar_entries_item ON calendar_entries (item_id);
CREATE INDEX calendar_entries_starts ON calendar_entries (starts);
CREATE INDEX hearings_when ON hearings (starts, item_id);
"""
