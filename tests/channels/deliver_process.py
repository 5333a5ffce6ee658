"""One run of delivery in a process of its own, so that it can be killed.

python -m tests.channels.deliver_process DATABASE URL TOKEN
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import monitor.deliver
from monitor.channels import SlackChannel
from monitor.store import Store


def main() -> None:
    """Deliver what is queued, at a pace that a test can wait for."""
    database, url, token = sys.argv[1:]
    monitor.deliver.GRACE = timedelta(milliseconds=50)
    slack = SlackChannel(token, url)
    slack.pause = 0.001
    with Store.open(Path(database)) as store:
        deliverer = monitor.deliver.Deliverer(
            store, {"#": slack}, lock=Path(database).with_name("deliver.lock")
        )
        summary = deliverer.deliver_due(datetime.now(UTC), timedelta(seconds=20))
    sys.exit(0 if summary.all_well else 1)


if __name__ == "__main__":
    main()
