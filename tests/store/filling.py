"""What databases of earlier versions held: rows for each table, by the step that made it.

All is made up. A filling is as little edited as a step: it says what lies in people's databases.
"""

from __future__ import annotations

_AT = "2026-11-20T12:00:00.000000Z"

FILLINGS = {
    1: """
INSERT INTO sources (id, next_due, first_polled_at, last_polled_at, last_success, outcome)
VALUES ('council', '{at}', '{at}', '{at}', '{at}', 'changed');
INSERT INTO validators VALUES ('council', 'https://council.example/feed', '"1"', '', 'ab', '{at}');
INSERT INTO polls (source, polled_at, outcome, reason, entries, new, updated, refused, requests,
    seconds, gap) VALUES ('council', '{at}', 'changed', '', 2, 2, 0, 0, 1, 0.5, 0);
INSERT INTO matters (id, title, type, jurisdiction, url, lead_item, first_seen, last_changed)
VALUES (1, 'An act', 'bill', '', '', 1, '{at}', '{at}'),
    (2, 'Another', 'bill', '', '', 2, '{at}', '{at}');
INSERT INTO matters (id, title, type, jurisdiction, url, first_seen, last_changed, merged_into)
VALUES (3, 'An act', 'bill', '', '', '{at}', '{at}', 1);
INSERT INTO matter_identifiers VALUES ('bill', 'us-119', 'HR 1', 1);
INSERT INTO groupings (item_id, matter_id, from_matter, decision, reason, strength, decided_at)
VALUES (1, 1, 3, 'merged', 'a person said so', 'person', '{at}');
INSERT INTO items (id, source, key, fingerprint, matter_id, type, jurisdiction, first_seen,
    last_changed, record, url, office, status, labels, details, title, text)
VALUES (1, 'council', '1', 'f', 1, 'bill', '', '{at}', '{at}', '2026/11/20.warc.gz#0', '', '', '',
    '[]', '{"hearings":[{"kind":"hearing","starts":"2026-11-24T12:00:00Z"}]}', 'An act',
    'on detainers'),
    (2, 'council', '2', 'f', 2, 'bill', '', '{at}', '{at}', '', '', '', '', '[]', '{}',
    'Another', 'on parks');
INSERT INTO revisions (item_id, seen_at, kind, old_fingerprint, fingerprint, returned, held, record,
    fields) VALUES (1, '{at}', 'updated', 'e', 'f', 0, 0, '', '[]');
INSERT INTO matches VALUES (1, 'detainers', 'high', 'unclear', '{at}',
    '{"topic":"detainers","title":"Detainers","priority":"high","direction":"unclear",
    "passages":[]}');
INSERT INTO alerts (key, channel, kind, matter_id, state, next_attempt_at, created_at, headline,
    payload, reference, place, settled_at)
VALUES ('a', '#a', 'alert', 1, 'sent', '', '{at}', 'x',
    '{"key":"a","channel":"#a","kind":"alert","headline":"x"}', '100.1', 'C1', '{at}'),
    ('b', '#a', 'alert', 2, 'queued', '{at}', '{at}', 'y',
    '{"key":"b","channel":"#a","kind":"alert","headline":"y"}', '', '', NULL);
INSERT INTO deliveries (alert_id, attempt, tried_at, outcome) VALUES (1, 1, '{at}', 'sent');
INSERT INTO threads (channel, matter_id, reference, place, alert_id, opened_at)
VALUES ('#a', 1, '100.1', 'C1', 1, '{at}');
INSERT INTO channel_state VALUES ('#a', NULL, '', 0);
INSERT INTO notices VALUES ('council', 'refused', '{at}', '{at}', 1);
""",
    2: """
INSERT INTO mentions VALUES ('bill', 'HR 1', 'us-119', 2, 1, 'title', 'H.R. 1');
INSERT INTO traces VALUES ('k', 1);
INSERT INTO apart VALUES (1, 2, '{at}');
INSERT INTO related VALUES (1, 2, 'the same text', '{at}');
INSERT INTO hearings VALUES (1, 0, '2026-11-24T12:00:00.000000Z', 'hearing', 0,
    '{"kind":"hearing","starts":"2026-11-24T12:00:00Z"}');
INSERT INTO ended_threads VALUES ('#a', '99.1', 'C1', 1, 1, 0);
""",
    3: """
INSERT INTO documents (source, url, item_key, role, begins, ends, text)
VALUES ('council', 'https://council.example/agenda.pdf', '1', 'agenda', '2026-11-24', '2026-11-25',
    x'616263');
""",
    4: """
INSERT INTO judgements (alert_id, person, name, relevance, why, judged_at)
VALUES (1, 'U1', 'Ann', 'relevant', '', '{at}');
INSERT INTO claims (matter_id, person, name, claimed_at) VALUES (1, 'U1', 'Ann', '{at}');
INSERT INTO follows (matter_id, person, name, followed_at) VALUES (3, 'U1', 'Ann', '{at}');
INSERT INTO mutes (matter_id, channel, person, name, muted_at)
VALUES (2, '#a', 'U1', 'Ann', '{at}');
INSERT INTO personal_reminders (matter_id, person, name, lead, timezone, due_at, asked_at,
    reckoned_at)
VALUES (1, 'U1', 'Ann', 'day_before', 'America/New_York', '{at}', '{at}',
    '{at}');
INSERT INTO acts_done VALUES ('click', '{at}');
""",
    5: "UPDATE alerts SET told_in = 'b' WHERE key = 'a';",
    6: """
INSERT INTO subscribers (address, folded, name, topics, jurisdictions, language, frequency, token,
    added_at) VALUES ('ann@example.org', 'ann@example.org', 'Ann', '[]', '[]', 'en', 'weekly', 't',
    '{at}');
INSERT INTO mailings (kind, digest, period, subscriber_id, state, next_attempt_at, created_at)
VALUES ('digest', 'weekly', '2026-W46', 1, 'sent', '{at}', '{at}');
""",
    7: """
INSERT INTO digests (name, period, starts, composed_at, since_item, until_item, since_revision,
    until_revision, matters, payload)
VALUES ('weekly', '2026-W46', '{at}', '{at}', 0, 2, 0, 1, 2, '{}');
""",
    8: """
INSERT INTO calendar_entries (uid, item_id, starts, sequence, hash, changed_at, hearing)
VALUES ('u', 1, '2026-11-24T12:00:00.000000Z', 0, 'h', '{at}', '{"kind":"hearing"}');
""",
    9: "UPDATE threads SET heard = 1;",
    10: """
INSERT INTO forgotten VALUES ('council', '0', 'f', '{at}');
INSERT INTO listings VALUES ('council', '["1", "2"]');
""",
}


def filling(number: int) -> str:
    """Return what a database held after so many steps."""
    said = "".join(FILLINGS.get(step, "") for step in range(1, number + 1))
    return said.replace("{at}", _AT)
