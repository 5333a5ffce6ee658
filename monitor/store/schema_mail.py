"""The statements of the step that adds subscribers, and the copies of digests on their way."""

from __future__ import annotations

# `folded` finds an address however it is written. Who left stays, so that a list that is imported
# anew brings nobody back. A copy is made once for each subscriber, digest and period; `kind` tells
# an invitation to confirm (whose period is the moment of asking) from a digest.
MAIL = """
CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    topics TEXT NOT NULL,
    jurisdictions TEXT NOT NULL,
    language TEXT NOT NULL,
    frequency TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    added_at TEXT NOT NULL,
    confirmed_at TEXT,
    ended_at TEXT,
    ended_why TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE mailings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    period TEXT NOT NULL,
    subscriber_id INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at TEXT NOT NULL,
    tried_at TEXT,
    settled_at TEXT,
    message_id TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    UNIQUE (kind, digest, period, subscriber_id)
) STRICT;
CREATE INDEX mailings_queued ON mailings (next_attempt_at, id) WHERE state = 'queued';
CREATE INDEX mailings_unsettled ON mailings (state, id) WHERE state <> 'sent';
CREATE INDEX mailings_subscriber ON mailings (subscriber_id);
"""
