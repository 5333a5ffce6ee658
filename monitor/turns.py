"""Lets one thread compute at a time, while the others wait for publishers.

Python computes in one thread at a time as it is, but hands over at each call into SQLite, lxml or
the matcher; between ten threads that want to go on, the handing over took as long as the work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.documents import Ocr
from monitor.models import Fetcher, Request, Response, Validators

# A turn is a courtesy: nobody waits long for one who reads a thousand pages.
_LONGEST_WAIT = 0.5


class Turns:
    """The turn that threads pass round; each is in its turn only inside `taken`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mine = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it inside."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let others have the turn inside, and wait for it afterwards."""
        self._give()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        self._mine.held = self._lock.acquire(timeout=_LONGEST_WAIT)

    def _give(self) -> None:
        if getattr(self._mine, "held", False):
            self._mine.held = False
            self._lock.release()


class AsideFetcher:
    """Implements models.Fetcher; gives up the turn while a publisher is asked."""

    def __init__(self, fetcher: Fetcher, turns: Turns) -> None:
        self._fetcher = fetcher
        self._turns = turns

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer one request; raises what the fetcher raises."""
        with self._turns.given_up():
            return self._fetcher.fetch(request, last)


class AsideOcr:
    """Implements documents.Ocr; gives up the turn while another program reads a picture."""

    def __init__(self, ocr: Ocr, turns: Turns) -> None:
        self._ocr = ocr
        self._turns = turns

    def words(self, picture: bytes) -> str:
        """Return the text on a picture; raises DocumentError."""
        with self._turns.given_up():
            return self._ocr.words(picture)
