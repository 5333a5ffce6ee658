"""The ledger: what people say about alerts, and what had made each of them an alert."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from monitor.models import Judgement, Misfit, Person, Relevance
from monitor.store.coding import alert_of, moment, stamp
from monitor.store.conditions import Conditions
from monitor.store.connection import Connection
from monitor.store.threads import mark_stale

# The last word of each person on each matter counts, whichever of its alerts it was said about.
_JUDGEMENTS = (
    "WITH said AS (SELECT j.id, j.person, j.name, j.relevance, j.why, j.judged_at, a.id AS alert, "
    "a.matter_id AS matter, a.channel, a.payload, "
    "j.id = max(j.id) OVER (PARTITION BY j.person, a.matter_id) AS counts "
    "FROM judgements j JOIN alerts a ON a.id = j.alert_id{}) "
    "SELECT id, person, name, relevance, why, judged_at, alert, matter, channel, payload, counts "
    "FROM said WHERE {} ORDER BY id"
)


class Ledger:
    """The judgements of all people."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def judge(
        self,
        alert: int,
        person: Person,
        relevance: Relevance,
        now: datetime,
        why: Misfit | None = None,
    ) -> bool:
        """Write down what a person says about an alert, by its number in the outbox.

        False where the person's last word on the matter was the same already: then nothing is
        written. Raises KeyError where there is no such alert.
        """
        with self._db.transaction(durable=True):
            matter = self._db.value("SELECT matter_id FROM alerts WHERE id = ?", (alert,))
            if matter is None:
                raise KeyError(alert)
            last = self._db.row(
                "SELECT j.relevance, j.why FROM judgements j JOIN alerts a ON a.id = j.alert_id "
                "WHERE j.person = ? AND a.matter_id = ? ORDER BY j.id DESC LIMIT 1",
                (person.id, matter),
            )
            said = (relevance.value, why.value if why else "")
            if last == said:
                return False
            self._db.write(
                "INSERT INTO judgements (alert_id, person, name, relevance, why, judged_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (alert, person.id, person.name, *said, stamp(now)),
            )
            mark_stale(self._db, matter)
        return True

    def judgements(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        topics: Collection[str] = (),
        terms: Collection[str] = (),
        source: str = "",
        matter: int = 0,
        history: bool = False,
    ) -> tuple[Judgement, ...]:
        """Return judgements of [since, until), oldest first; empty arguments do not restrict.

        topics, terms: one of these filters, or of these terms of one, had made the alert.
        history: also what people took back later; without it each judgement `counts`.
        """
        wanted = Conditions().since("judged_at", since).before("judged_at", until)
        if not history:
            wanted.both("counts")
        own = " WHERE a.matter_id = ?" if matter else ""
        rows = self._db.rows(
            _JUDGEMENTS.format(own, wanted), (*([matter] if matter else ()), *wanted.values)
        )
        return tuple(
            judgement
            for judgement in map(_judgement, rows)
            if source in ("", judgement.source) and _made_by(judgement, topics, terms)
        )

    def counts(self, matter: int) -> tuple[int, int]:
        """Count who finds a matter relevant, and who does not."""
        said = [judgement.relevance for judgement in self.judgements(matter=matter)]
        return said.count(Relevance.RELEVANT), said.count(Relevance.NOT_RELEVANT)


def _made_by(judgement: Judgement, topics: Collection[str], terms: Collection[str]) -> bool:
    if not topics and not terms:
        return True
    return any(
        (not topics or match.topic in topics) and (not terms or bool(set(terms) & set(match.terms)))
        for match in judgement.matches
    )


def _judgement(row: tuple[Any, ...]) -> Judgement:
    number, person, name, relevance, why, judged_at, alert, matter, channel, payload, counts = row
    told = alert_of(payload, matter)
    return Judgement(
        id=number,
        person=Person(person, name),
        relevance=Relevance(relevance),
        judged_at=moment(judged_at),
        alert=alert,
        matter=matter,
        channel=channel,
        headline=told.headline,
        why=Misfit(why) if why else None,
        source=told.item.source if told.item else "",
        item_key=told.item.key if told.item else "",
        matches=told.matches,
        counts=bool(counts),
    )
