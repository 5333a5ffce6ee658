"""Sends what is queued for subscribers, and says how it fared; for the commands that deliver."""

from __future__ import annotations

import threading
from datetime import timedelta

from monitor.cli.common import counted
from monitor.mailing import MailSummary
from monitor.station import Station

# A server that puts off for minutes is left to the service, or to the next round.
PATIENCE = timedelta(seconds=20)


def mail(station: Station, stop: threading.Event) -> MailSummary:
    """Send copies of digests that are due; without a mail server they stay queued."""
    if not station.mails:
        return MailSummary()
    return station.sender(station.store, stop.is_set).send_due(PATIENCE)


def mailed_words(mailed: MailSummary) -> str:
    """Say how the copies fared; "" where there was nothing to do."""
    if mailed.busy:
        return "another process is mailing the copies"
    counts = (
        (counted(mailed.sent, "copy", "copies") + " mailed", mailed.sent),
        (f"{mailed.postponed} to be tried again", mailed.postponed),
        (f"{mailed.bounced} to addresses that do not exist", mailed.bounced),
        (f"{mailed.failed} refused", mailed.failed),
        (f"{mailed.unknown} of unknown fate", mailed.unknown),
    )
    said = [words for words, number in counts if number]
    return ", ".join([*said, *([mailed.trouble] if mailed.trouble else [])])
