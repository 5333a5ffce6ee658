"""The statements of the step that lets what is old be forgotten."""

from __future__ import annotations

# forgotten: what tells an item that was thrown away from a new one. listings: what each source
# showed when it was last read, as JSON. The indexes are for the foreign keys of what goes.
RETENTION = """
CREATE TABLE forgotten (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    forgotten_at TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE listings (
    source TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    keys TEXT NOT NULL
) STRICT;

CREATE INDEX groupings_from ON groupings (from_matter) WHERE from_matter IS NOT NULL;
CREATE INDEX apart_other ON apart (other);
CREATE INDEX mailings_digest ON mailings (digest, period);
"""
