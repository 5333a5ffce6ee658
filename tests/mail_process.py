"""One round of mailing in a process of its own, so that it can be killed.

python -m tests.mail_process DATABASE SMTP_URL
"""

from __future__ import annotations

import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from monitor.channels.email import MailManners, MailServer
from monitor.channels.smtp_url import read_smtp_url
from monitor.mailing import Sender
from monitor.store import Mailing, Store
from tests.channels.mails import letter


def write(mailing: Mailing, now: datetime) -> EmailMessage:
    """Write a message that says whose it is."""
    del now
    return letter(f"Copy m{mailing.id}\n", mailing.subscriber.address)


def main() -> None:
    """Send what is due."""
    database, url = Path(sys.argv[1]), sys.argv[2]
    server = MailServer(read_smtp_url(url), MailManners(per_second=1000.0))
    with Store.open(database) as store:
        summary = Sender(store, server, write, lock=database.with_name("mail.lock")).send_due()
    sys.exit(0 if summary.all_well else 1)


if __name__ == "__main__":
    main()
