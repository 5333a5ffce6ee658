"""Reads the links that stand behind words in HTML: "Submit public comment", "click here".

Clean text has no addresses in it. So they are put behind their words for a moment, and read there.
"""

from __future__ import annotations

import re

from monitor.models import Contact, ContactKind, Entry
from monitor.participation.gathering import gathered
from monitor.participation.statements import Listener
from monitor.participation.values import LINK, READ_FOR
from monitor.text import clean_text

_LONGEST = 300_000
_ANCHOR = re.compile(
    r"(?P<words><a\s(?:[^>]{0,400}?\s)?href\s{0,3}=\s{0,3}[\"']?"
    r"(?P<address>https?://[^\"'\s<>]{4,1000}|mailto:[^\"'\s<>?]{3,200})[^>]{0,600}>[^<>]{0,300})",
    re.IGNORECASE,
)
_READ = {ContactKind.EMAIL, ContactKind.FORM, ContactKind.VIDEO}


def linked(entry: Entry) -> tuple[Contact, ...]:
    """Find the addresses, forms and videos behind the words of an entry's HTML."""
    if not entry.html or entry.type not in READ_FOR or "href" not in entry.body:
        return ()
    text = clean_text(_ANCHOR.sub(_with_address, entry.body[:_LONGEST]), html=True)
    heard = (
        one
        for one in Listener(entry.hearings, "UTC").read(LINK, text)
        if one.contact is None or one.contact.kind in _READ
    )
    return gathered((), heard)


def _with_address(anchor: re.Match[str]) -> str:
    address = re.sub("^mailto:", "", anchor["address"], flags=re.IGNORECASE)
    return f"{anchor['words']} {address} "
