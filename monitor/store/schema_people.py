"""The statements of the steps about people: judgements, claims, follows, reminders."""

from __future__ import annotations

# Nothing is deleted: who took a word back, or gave a matter up, stays on record. A judgement hangs
# on its alert, which goes with its item where matters are merged or split; all else hangs on a
# matter, and is found by the number under which that goes on.
PEOPLE = """
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    relevance TEXT NOT NULL,
    why TEXT NOT NULL,
    judged_at TEXT NOT NULL
) STRICT;
CREATE INDEX judgements_alert ON judgements (alert_id);
CREATE INDEX judgements_when ON judgements (judged_at);

CREATE TABLE claims (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    released_at TEXT,
    released_by TEXT
) STRICT;
CREATE INDEX claims_matter ON claims (matter_id);

CREATE TABLE follows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    followed_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX follows_open ON follows (matter_id, person) WHERE ended_at IS NULL;

CREATE TABLE mutes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    channel TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    muted_at TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT
) STRICT;
CREATE INDEX mutes_open ON mutes (matter_id, channel) WHERE ended_at IS NULL;

CREATE TABLE personal_reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matters (id),
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    lead TEXT NOT NULL,
    timezone TEXT NOT NULL,
    starts TEXT,
    due_at TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    reckoned_at TEXT NOT NULL,
    sent_at TEXT
) STRICT;
CREATE INDEX personal_reminders_due ON personal_reminders (due_at) WHERE sent_at IS NULL;

CREATE TABLE acts_done (
    name TEXT PRIMARY KEY,
    done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX acts_done_when ON acts_done (done_at);

CREATE INDEX matters_merged ON matters (merged_into) WHERE merged_into IS NOT NULL;
"""

# heard: somebody listened to clicks as the message was sent, or edited for the last time.
# ended_why: Slack's word for why somebody cannot be reached; "" where they ended it themselves.
LISTENING = """
ALTER TABLE threads ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
CREATE INDEX threads_unheard ON threads (opened_at) WHERE heard = 0;
ALTER TABLE follows ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
ALTER TABLE personal_reminders ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
CREATE INDEX follows_of ON follows (person) WHERE ended_at IS NULL;
"""
