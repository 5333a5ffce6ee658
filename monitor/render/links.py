"""Makes links safe to set: a publisher's address is an address, and nothing else."""

from __future__ import annotations

import re

from monitor.text import clean_text
from monitor.urls import absolute

ADDRESS = 2_000
_UNSAFE = re.compile(r"[\s<>|\"`'\\^{}*~]")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}")


def is_mail(text: str) -> bool:
    """Say whether a text is an e-mail address of the plain kind: it can end no link early."""
    return bool(_MAIL.fullmatch(text))


def address_of(url: str) -> str:
    """Return a link that is safe to set: http(s), of bounded length, nothing that ends it early.

    "" where it is no such link. RFC 3986: what may not stand in an address is percent-encoded.
    """
    link = absolute("", clean_text(url))
    if not link or len(link) > ADDRESS:
        return ""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), link)
