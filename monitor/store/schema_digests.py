"""The statements of the step that adds the digests."""

from __future__ import annotations

# A digest is composed once for a name and a period. The row numbers say what it covers: where one
# ends the next one begins, however late an item is recorded.
DIGESTS = """
CREATE TABLE digests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    period TEXT NOT NULL,
    starts TEXT NOT NULL,
    composed_at TEXT NOT NULL,
    since_item INTEGER NOT NULL,
    until_item INTEGER NOT NULL,
    since_revision INTEGER NOT NULL,
    until_revision INTEGER NOT NULL,
    matters INTEGER NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (name, period)
) STRICT;
"""
