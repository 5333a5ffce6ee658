"""One door to the database: a connection for one thread, and what can be done with it."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.errors import StoreError
from monitor.files import make_private_folder
from monitor.store.acts import Acts
from monitor.store.calendar import Calendar
from monitor.store.channels import Pauses
from monitor.store.connection import Connection
from monitor.store.deferrals import Deferrals
from monitor.store.digests import Digests
from monitor.store.documents import Documents
from monitor.store.items import Items
from monitor.store.ledger import Ledger
from monitor.store.mailings import Mailings
from monitor.store.matters import Matters
from monitor.store.mending import Mending
from monitor.store.notices import Notices
from monitor.store.outbox import Outbox
from monitor.store.retention import Retention
from monitor.store.schema import migrate
from monitor.store.search import Search
from monitor.store.sources import Sources
from monitor.store.subscribers import Subscribers
from monitor.store.tallies import Tallies
from monitor.store.threads import Threads
from monitor.store.upkeep import Upkeep

_EFFECTIVE = os.access in os.supports_effective_ids


class Store:
    """The database as one thread sees it; a context manager that closes it.

    sources: what is remembered of each source, and every poll.
    items: what was seen; merging. matters: what the items belong to. mending: people's word on it.
    calendar: dates by the names that calendars know them by.
    outbox: alerts on their way. threads: first messages of matters. pauses: channels that rest.
    notices: troubles that were told. digests: composed once for a period, and kept.
    acts: what people do about matters. ledger: what they say about alerts.
    subscribers: who gets digests. mailings: their copies on the way.
    documents: agendas that are followed. index: full-text search.
    upkeep: backup, check, pruning. retention: what is old is forgotten.
    tallies: figures for those who watch the monitor.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.path = db.path
        self.sources = Sources(db)
        self.items = Items(db)
        self.matters = Matters(db, self.items)
        self.calendar = Calendar(db, self.items, self.matters)
        self.documents = Documents(db)
        self.mending = Mending(db, self.items)
        self.outbox = Outbox(db)
        self.deferrals = Deferrals(db, self.outbox)
        self.threads = Threads(db)
        self.pauses = Pauses(db)
        self.notices = Notices(db)
        self.digests = Digests(db)
        self.acts = Acts(db)
        self.ledger = Ledger(db)
        self.subscribers = Subscribers(db)
        self.mailings = Mailings(db)
        self.index = Search(db)
        self.upkeep = Upkeep(db)
        self.retention = Retention(db)
        self.tallies = Tallies(db)

    @classmethod
    def open(cls, path: Path, read_only: bool = False) -> Self:
        """Open the database, and create it or bring it to the present form where necessary.

        Raises StoreError, with the cure, where the file is damaged, locked, newer than this
        program, another program's, or cannot be written; it is then left as it is.
        """
        _refuse_unusable(path, read_only)
        db = Connection(path, read_only)
        try:
            migrate(db)
        except BaseException:
            db.close()
            raise
        return cls(db)

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """Make what happens inside one change, all or nothing; a nested one joins.

        A nested one that fails takes back its own part only. durable: it survives a power cut.
        """
        return self._db.transaction(durable)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _refuse_unusable(path: Path, read_only: bool) -> None:
    """Find faults of the place before SQLite does, which opens what it cannot write as read-only.

    Makes the folder where the database is to be written, and closes it to others.
    """
    if read_only:
        if not path.exists():
            raise StoreError(f"{path}: there is no database yet; run `monitor once` first")
        return
    try:
        make_private_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path.parent}: the folder cannot be made ({error})") from error
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK, effective_ids=_EFFECTIVE):
            raise StoreError(f"{place}: it cannot be written; change its owner or permissions")
