"""The tables, as steps: a new one goes to the end, an old one is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from monitor.errors import StoreError
from monitor.store.connection import Connection
from monitor.store.schema_calendar import CALENDAR
from monitor.store.schema_digests import DIGESTS
from monitor.store.schema_mail import MAIL
from monitor.store.schema_matters import HEARINGS, RECOGNITION, SHOWN, STAGES
from monitor.store.schema_people import LISTENING, PEOPLE
from monitor.store.schema_retention import RETENTION

APPLICATION = 0x4C4D4F4E  # "LMON", so that another program's database is told from ours
steps = Migrations("monitor")


def migrate(db: Connection) -> None:
    """Bring the database to the present form, in one transaction.

    Raises StoreError where it is newer than this program, or belongs to another one; it is then
    left as it is.
    """
    _refuse_foreign(db)
    if _pending(db) == 0:
        return
    if db.read_only:
        raise StoreError(
            f"{db.path}: its form is older than this program; "
            "run `monitor status` where it can be written"
        )
    with db.transaction():
        steps.apply(db.database)
        db.rows(f"PRAGMA application_id = {APPLICATION}")


def _refuse_foreign(db: Connection) -> None:
    application = db.value("PRAGMA application_id")
    if application == APPLICATION:
        return
    tables = db.value("SELECT count(*) FROM sqlite_schema")
    if application or tables:
        raise StoreError(f"{db.path}: this is the database of another program; choose another file")


def _pending(db: Connection) -> int:
    applied = _applied(db)
    known = [step.name for step in steps._migrations]  # noqa: SLF001  # it has no public list
    if newer := applied - set(known):
        raise StoreError(
            f"{db.path}: it was written by a newer version of this program (step "
            f"{max(newer)}); install that version, or restore an older backup"
        )
    return len(set(known) - applied)


def _applied(db: Connection) -> set[str]:
    table = "SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'"
    if db.value(table) is None:
        return set()
    query = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'monitor'"
    return {name for (name,) in db.rows(query)}


@steps()
def m001_ground(db: Database) -> None:
    """Create sources, items, matters, the outbox and the full-text index."""
    for part in (_SOURCES, _MATTERS, _ITEMS, _INDEX, _OUTBOX, _NOTICES):
        db.executescript(part)


@steps()
def m002_matters(db: Database) -> None:
    """Add what a matter is recognised by, its stage, its dates, and what its threads show."""
    for part in (RECOGNITION, STAGES, HEARINGS, SHOWN):
        db.executescript(part)


@steps()
def m003_documents(db: Database) -> None:
    """Add the documents that are followed."""
    db.executescript(_DOCUMENTS)


@steps()
def m004_people(db: Database) -> None:
    """Add what people do about matters."""
    db.executescript(PEOPLE)


@steps()
def m005_summaries(db: Database) -> None:
    """Note in which summary a deferred alert stands."""
    db.executescript(_SUMMARIES)


@steps()
def m006_mail(db: Database) -> None:
    """Add subscribers, and the copies of digests on their way to them."""
    db.executescript(MAIL)


@steps()
def m007_digests(db: Database) -> None:
    """Add the digests."""
    db.executescript(DIGESTS)


@steps()
def m008_calendar(db: Database) -> None:
    """Add what calendars were given."""
    db.executescript(CALENDAR)


@steps()
def m009_listening(db: Database) -> None:
    """Note which messages can be clicked on, and whom no message reaches any more."""
    db.executescript(LISTENING)


@steps()
def m010_retention(db: Database) -> None:
    """Add what is kept of items that were forgotten, and what each source shows at present."""
    db.executescript(RETENTION)


_SUMMARIES = """
ALTER TABLE alerts ADD COLUMN told_in TEXT NOT NULL DEFAULT '';
CREATE INDEX alerts_untold ON alerts (channel, id) WHERE state = 'deferred' AND told_in = '';
"""

_SOURCES = """
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
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_due ON sources (next_due) WHERE active = 1;

CREATE TABLE validators (
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

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
) STRICT;
CREATE INDEX polls_source ON polls (source, polled_at);
CREATE INDEX polls_when ON polls (polled_at);
"""

_MATTERS = """
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
) STRICT;
CREATE INDEX matters_changed ON matters (last_changed);

CREATE TABLE matter_identifiers (
    scheme TEXT NOT NULL,
    scope TEXT NOT NULL,
    value TEXT NOT NULL,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    PRIMARY KEY (scheme, scope, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX matter_identifiers_matter ON matter_identifiers (matter_id);

CREATE TABLE groupings (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    from_matter INTEGER REFERENCES matters (id),
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    strength TEXT NOT NULL,
    decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX groupings_matter ON groupings (matter_id);
CREATE INDEX groupings_item ON groupings (item_id);
CREATE UNIQUE INDEX groupings_apart ON groupings (matter_id, from_matter)
    WHERE decision = 'left apart';
"""

_ITEMS = """
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
) STRICT;
CREATE UNIQUE INDEX items_key ON items (source, key);
CREATE INDEX items_known ON items (source, key, fingerprint, gone_at);
CREATE INDEX items_seen ON items (first_seen, source);
CREATE INDEX items_matter ON items (matter_id);
CREATE INDEX items_absent ON items (source) WHERE absences > 0;

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
) STRICT;
CREATE INDEX revisions_item ON revisions (item_id, seen_at);
CREATE INDEX revisions_when ON revisions (seen_at);

CREATE TABLE matches (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    priority TEXT NOT NULL,
    direction TEXT NOT NULL,
    matched_at TEXT NOT NULL,
    match TEXT NOT NULL,
    PRIMARY KEY (item_id, topic)
) STRICT;
CREATE INDEX matches_topic ON matches (topic, matched_at);
CREATE INDEX matches_when ON matches (matched_at);
"""

_INDEX = """
CREATE VIRTUAL TABLE items_fts USING fts5 (
    title, text, office, labels,
    content = 'items', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO items_fts (items_fts, rank) VALUES ('rank', 'bm25(10.0, 1.0, 3.0, 3.0)');
INSERT INTO items_fts (items_fts, rank) VALUES ('automerge', 8);
CREATE TRIGGER items_fts_insert AFTER INSERT ON items BEGIN
    INSERT INTO items_fts (rowid, title, text, office, labels)
    VALUES (new.id, new.title, new.text, new.office, new.labels);
END;
CREATE TRIGGER items_fts_delete AFTER DELETE ON items BEGIN
    INSERT INTO items_fts (items_fts, rowid, title, text, office, labels)
    VALUES ('delete', old.id, old.title, old.text, old.office, old.labels);
END;
CREATE TRIGGER items_fts_update AFTER UPDATE OF title, text, office, labels ON items BEGIN
    INSERT INTO items_fts (items_fts, rowid, title, text, office, labels)
    VALUES ('delete', old.id, old.title, old.text, old.office, old.labels);
    INSERT INTO items_fts (rowid, title, text, office, labels)
    VALUES (new.id, new.title, new.text, new.office, new.labels);
END;
"""

_OUTBOX = """
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
) STRICT;
CREATE INDEX alerts_queued ON alerts (channel, id) WHERE state = 'queued';
CREATE INDEX alerts_open ON alerts (channel, matter_id, id)
    WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX alerts_unsettled ON alerts (state, id) WHERE state <> 'sent';
CREATE INDEX alerts_matter ON alerts (matter_id, id);
CREATE INDEX alerts_created ON alerts (created_at);

CREATE TABLE deliveries (
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    tried_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (alert_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE threads (
    channel TEXT NOT NULL,
    matter_id INTEGER NOT NULL,
    reference TEXT NOT NULL,
    place TEXT NOT NULL,
    alert_id INTEGER NOT NULL,
    opened_at TEXT NOT NULL,
    PRIMARY KEY (channel, matter_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX threads_matter ON threads (matter_id);

CREATE TABLE channel_state (
    channel TEXT PRIMARY KEY,
    paused_until TEXT,
    reason TEXT NOT NULL,
    failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_DOCUMENTS = """
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
) STRICT;
CREATE INDEX documents_ahead ON documents (source, ends);
CREATE INDEX documents_of ON documents (source, item_key);
CREATE INDEX documents_over ON documents (ends);
"""

_NOTICES = """
CREATE TABLE notices (
    subject TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    told_at TEXT NOT NULL,
    times INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
