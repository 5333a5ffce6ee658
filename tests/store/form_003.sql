CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    matter_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT NOT NULL,
    tried_at TEXT,
    settled_at TEXT,
    reference TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    headline TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT

CREATE INDEX alerts_created ON alerts (created_at)

CREATE INDEX alerts_matter ON alerts (matter_id, id)

CREATE INDEX alerts_open ON alerts (channel, matter_id, id)
    WHERE state IN ('queued', 'sending', 'unknown')

CREATE INDEX alerts_queued ON alerts (channel, id) WHERE state = 'queued'

CREATE INDEX alerts_unsettled ON alerts (state, id) WHERE state <> 'sent'

CREATE TABLE apart (
    one INTEGER NOT NULL REFERENCES matters (id),
    other INTEGER NOT NULL REFERENCES matters (id),
    decided_at TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID

CREATE TABLE channel_state (
    channel TEXT PRIMARY KEY,
    paused_until TEXT,
    reason TEXT NOT NULL,
    failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID

CREATE TABLE deliveries (
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    tried_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (alert_id, attempt)
) STRICT, WITHOUT ROWID

CREATE TABLE documents (
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    item_key TEXT NOT NULL,
    role TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    asked_at TEXT,
    first_read TEXT,
    last_read TEXT,
    changed_at TEXT,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    cut INTEGER NOT NULL DEFAULT 0,
    owed INTEGER NOT NULL DEFAULT 0,
    text BLOB NOT NULL DEFAULT x'',
    PRIMARY KEY (source, url)
) STRICT

CREATE INDEX documents_ahead ON documents (source, ends)

CREATE INDEX documents_of ON documents (source, item_key)

CREATE INDEX documents_over ON documents (ends)

CREATE TABLE ended_threads (
    channel TEXT NOT NULL,
    reference TEXT NOT NULL,
    place TEXT NOT NULL,
    alert_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    PRIMARY KEY (channel, reference)
) STRICT, WITHOUT ROWID

CREATE INDEX ended_threads_stale ON ended_threads (channel) WHERE stale = 1

CREATE TABLE groupings (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    from_matter INTEGER REFERENCES matters (id),
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    strength TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT

CREATE UNIQUE INDEX groupings_apart ON groupings (matter_id, from_matter)
    WHERE decision = 'left apart'

CREATE INDEX groupings_item ON groupings (item_id)

CREATE INDEX groupings_matter ON groupings (matter_id)

CREATE TABLE hearings (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    place_in_list INTEGER NOT NULL,
    starts TEXT,
    kind TEXT NOT NULL,
    cancelled INTEGER NOT NULL,
    hearing TEXT NOT NULL,
    PRIMARY KEY (item_id, place_in_list)
) STRICT, WITHOUT ROWID

CREATE INDEX hearings_starts ON hearings (starts, item_id) WHERE cancelled = 0

CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    type TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_changed TEXT NOT NULL,
    published TEXT,
    absences INTEGER NOT NULL DEFAULT 0,
    gone_at TEXT,
    record TEXT NOT NULL,
    url TEXT NOT NULL,
    office TEXT NOT NULL,
    status TEXT NOT NULL,
    labels TEXT NOT NULL,
    details TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT

CREATE INDEX items_absent ON items (source) WHERE absences > 0

CREATE VIRTUAL TABLE items_fts USING fts5 (
    title, text, office, labels,
    content = 'items', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
)

CREATE UNIQUE INDEX items_key ON items (source, key)

CREATE INDEX items_known ON items (source, key, fingerprint, gone_at)

CREATE INDEX items_matter ON items (matter_id)

CREATE INDEX items_seen ON items (first_seen, source)

CREATE TABLE matches (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    priority TEXT NOT NULL,
    direction TEXT NOT NULL,
    matched_at TEXT NOT NULL,
    match TEXT NOT NULL,
    PRIMARY KEY (item_id, topic)
) STRICT

CREATE INDEX matches_topic ON matches (topic, matched_at)

CREATE INDEX matches_when ON matches (matched_at)

CREATE TABLE matter_identifiers (
    scheme TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    PRIMARY KEY (scheme, scope, value)
) STRICT, WITHOUT ROWID

CREATE INDEX matter_identifiers_matter ON matter_identifiers (matter_id)

CREATE INDEX matter_identifiers_value ON matter_identifiers (scheme, value)

CREATE TABLE matters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    url TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT '',
    direction TEXT NOT NULL DEFAULT 'unclear',
    lead_item INTEGER NOT NULL DEFAULT 0,
    first_seen TEXT NOT NULL,
    last_changed TEXT NOT NULL,
    merged_into INTEGER REFERENCES matters (id)
, stage TEXT NOT NULL DEFAULT '', stage_said TEXT NOT NULL DEFAULT '', stage_since TEXT, told_at TEXT) STRICT

CREATE INDEX matters_changed ON matters (last_changed)

CREATE TABLE mentions (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    scope TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    subject INTEGER NOT NULL,
    field TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (scheme, value, scope, item_id)
) STRICT, WITHOUT ROWID

CREATE INDEX mentions_item ON mentions (item_id)

CREATE TABLE notices (
    subject TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    told_at TEXT NOT NULL,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID

CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    polled_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    entries INTEGER NOT NULL,
    new INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    seconds REAL NOT NULL,
    gap INTEGER NOT NULL
) STRICT

CREATE INDEX polls_source ON polls (source, polled_at)

CREATE INDEX polls_when ON polls (polled_at)

CREATE TABLE related (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (item_id, other_id)
) STRICT, WITHOUT ROWID

CREATE INDEX related_other ON related (other_id)

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    old_fingerprint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    returned INTEGER NOT NULL,
    held INTEGER NOT NULL,
    record TEXT NOT NULL,
    fields TEXT NOT NULL
) STRICT

CREATE INDEX revisions_item ON revisions (item_id, seen_at)

CREATE INDEX revisions_when ON revisions (seen_at)

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    active INTEGER NOT NULL DEFAULT 1,
    cursor TEXT NOT NULL DEFAULT '[]',
    next_due TEXT,
    first_polled_at TEXT,
    last_polled_at TEXT,
    last_success TEXT,
    last_news TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID

CREATE INDEX sources_due ON sources (next_due) WHERE active = 1

CREATE TABLE threads (
    channel TEXT NOT NULL,
    matter_id INTEGER NOT NULL,
    reference TEXT NOT NULL,
    place TEXT NOT NULL,
    alert_id INTEGER NOT NULL,
    opened_at TEXT NOT NULL, stale INTEGER NOT NULL DEFAULT 0, shown TEXT NOT NULL DEFAULT '', edits_refused TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel, matter_id)
) STRICT, WITHOUT ROWID

CREATE INDEX threads_matter ON threads (matter_id)

CREATE INDEX threads_stale ON threads (channel, matter_id) WHERE stale = 1

CREATE TABLE traces (
    key TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (key, item_id)
) STRICT, WITHOUT ROWID

CREATE INDEX traces_item ON traces (item_id)

CREATE TABLE validators (
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID
