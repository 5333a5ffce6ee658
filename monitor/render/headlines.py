"""Says an alert's headline anew when it is told: a night or an outage may lie in between.

What is stored names days and hours, and never says "tomorrow".
"""

from __future__ import annotations

from datetime import datetime

from monitor.models import Alert
from monitor.wording import headline, reminder_headline


def headline_now(alert: Alert, now: datetime | None) -> str:
    """Return an alert's headline, with the time that is left of its date where that is near.

    A headline that was worded otherwise (a summary's, an older program's) stays as it is.
    """
    item, made = alert.item, alert.created_at
    if now is None or item is None or made is None:
        return alert.headline
    if alert.kind == "reminder":
        for one in item.hearings:
            if reminder_headline(one, item, made) == alert.headline:
                return reminder_headline(one, item, made, now)
        return alert.headline
    said = (alert.change, item, alert.fields, alert.source_name, made)
    return headline(*said, now) if headline(*said) == alert.headline else alert.headline
