"""Documents that are published again: what was read before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.exchange import Validators


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a document that hangs on an item, to hold its next version against.

    item: key of the item. role: what the document is to it, by its title ("agenda").
    url: without tokens. text: its pages, packed; b"" where nothing was read.
    cut: the document goes on after the text.
    same: it was asked for again, and is as it was: all else stays.
    """

    item: str
    role: str
    url: str
    asked_at: datetime
    text: bytes = b""
    cut: bool = False
    validators: Validators = Validators()  # noqa: RUF009 - frozen
    same: bool = False
