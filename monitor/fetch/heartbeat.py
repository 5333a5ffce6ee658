"""Calls the address that waits for the service's heartbeat (a dead man's switch)."""

from __future__ import annotations

import httpx

from monitor.errors import FetchError
from monitor.fetch.settings import PRODUCT

SECONDS = 10.0
_WORD = "the heartbeat's address"
_REFUSED = 400


def ping(url: str) -> None:
    """Call an address once; raises FetchError, which never names it: it is a secret."""
    try:
        answer = httpx.get(url, timeout=SECONDS, headers={"User-Agent": PRODUCT})
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise FetchError(_WORD, f"it cannot be reached ({type(fault).__name__})") from None
    if answer.status_code >= _REFUSED:
        raise FetchError(_WORD, "it refuses the heartbeat", answer.status_code)
