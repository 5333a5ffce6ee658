"""Asks robots.txt before pages and documents are read (RFC 9309)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from protego import Protego

from monitor.errors import FetchError, NotRecorded, Refused, Throttled, Unreachable

_KEPT_SECONDS = 24 * 3600.0
_UNREACHABLE_SECONDS = 900.0
# A network that is back is to be used again soon.
_UNHEARD_SECONDS = 60.0
MOST_BYTES = 512_000
"""RFC 9309 section 2.5: at least 500 KiB are read; what is beyond may be ignored."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site allows; `unreachable` says why we could not find out.

    unheard: because nothing came from the host.
    """

    parsed: Protego | None = None
    unreachable: str = ""
    unheard: bool = False

    @property
    def lasts(self) -> float:
        """Say for how many seconds they hold."""
        if self.unheard:
            return _UNHEARD_SECONDS
        return _UNREACHABLE_SECONDS if self.unreachable else _KEPT_SECONDS


@dataclass(slots=True)
class _Entry:
    """What is known of one site, and until when."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules = Rules()
    expires: float = float("-inf")


class Robots:
    """The robots.txt files of all sites, each kept for a day.

    read: fetches one address of a robots.txt; returns (status, body), raises FetchError.
    """

    def __init__(
        self,
        product: str,
        monotonic: Callable[[], float],
        read: Callable[[str], tuple[int, bytes]],
    ) -> None:
        self._product = product
        self._monotonic = monotonic
        self._read = read
        self._sites: dict[str, _Entry] = {}

    def crawl_delay(self, site: str, url: str) -> float:
        """Return the pause that `site` (scheme, host and port) asks for before `url` is read.

        Raises Refused where the rules forbid the address, or cannot be had for now; Unreachable
        where that is because nothing came from the host.
        """
        rules = self._rules(site)
        if rules.unreachable:
            kind = Unreachable if rules.unheard else Refused
            raise kind(url, f"robots.txt cannot be read for now: {rules.unreachable}")
        if rules.parsed is None:
            return 0.0
        if not rules.parsed.can_fetch(url, self._product):
            raise Refused(url, "robots.txt forbids this address")
        return float(rules.parsed.crawl_delay(self._product) or 0.0)

    def _rules(self, site: str) -> Rules:
        entry = self._sites.setdefault(site, _Entry())
        with entry.lock:
            if entry.expires <= self._monotonic():
                entry.rules = self._fetched(site)
                entry.expires = self._monotonic() + entry.rules.lasts
            return entry.rules

    def _fetched(self, site: str) -> Rules:
        """Read a site's rules: none at 4xx, closed for now at 429, 5xx and silence."""
        try:
            status, body = self._read(f"{site}/robots.txt")
        except NotRecorded:
            return Rules()
        except Throttled:
            raise
        except FetchError as fault:
            return Rules(unreachable=fault.reason, unheard=isinstance(fault, Unreachable))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            return Rules(unreachable=f"HTTP {status}")
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            return Rules()
        return Rules(Protego.parse(body.decode("utf-8-sig", "replace")))
