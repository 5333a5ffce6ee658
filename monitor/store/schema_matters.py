"""The statements of step 2: what matters are recognised by, their stages, dates and threads."""

from __future__ import annotations

# mentions: official names that stand in an item's own words. traces: hashes by which items that
# may tell the same story find each other. apart: matters that a person has separated.
RECOGNITION = """
CREATE TABLE mentions (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    scope TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    subject INTEGER NOT NULL,
    field TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (scheme, value, scope, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_item ON mentions (item_id);
CREATE INDEX matter_identifiers_value ON matter_identifiers (scheme, value);

CREATE TABLE traces (
    key TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (key, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX traces_item ON traces (item_id);

CREATE TABLE apart (
    one INTEGER NOT NULL REFERENCES matters (id),
    other INTEGER NOT NULL REFERENCES matters (id),
    decided_at TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE related (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (item_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_other ON related (other_id);
"""

STAGES = """
ALTER TABLE matters ADD COLUMN stage TEXT NOT NULL DEFAULT '';
ALTER TABLE matters ADD COLUMN stage_said TEXT NOT NULL DEFAULT '';
ALTER TABLE matters ADD COLUMN stage_since TEXT;
ALTER TABLE matters ADD COLUMN told_at TEXT;
UPDATE matters SET told_at = (
    SELECT min(created_at) FROM alerts WHERE matter_id = matters.id AND kind = 'alert'
);
"""

HEARINGS = """
CREATE TABLE hearings (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    place_in_list INTEGER NOT NULL,
    starts TEXT,
    kind TEXT NOT NULL,
    cancelled INTEGER NOT NULL,
    hearing TEXT NOT NULL,
    PRIMARY KEY (item_id, place_in_list)
) STRICT, WITHOUT ROWID;
CREATE INDEX hearings_starts ON hearings (starts, item_id) WHERE cancelled = 0;
INSERT INTO hearings (item_id, place_in_list, starts, kind, cancelled, hearing)
SELECT items.id, said.key,
    CASE WHEN instr(json_extract(said.value, '$.starts'), '.')
        THEN json_extract(said.value, '$.starts')
        ELSE replace(json_extract(said.value, '$.starts'), 'Z', '.000000Z') END,
    json_extract(said.value, '$.kind'), coalesce(json_extract(said.value, '$.cancelled'), 0),
    said.value
FROM items, json_each(items.details, '$.hearings') AS said;
"""

# A thread whose first message no longer shows the present state is stale; one whose matter went
# into another that has a thread in the same channel points there.
SHOWN = """
ALTER TABLE threads ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE threads ADD COLUMN edits_refused TEXT NOT NULL DEFAULT '';
CREATE INDEX threads_stale ON threads (channel, matter_id) WHERE stale = 1;
CREATE TABLE ended_threads (
    channel TEXT NOT NULL,
    reference TEXT NOT NULL,
    place TEXT NOT NULL,
    alert_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    PRIMARY KEY (channel, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_threads_stale ON ended_threads (channel) WHERE stale = 1;
"""
