"""The store: the only SQL of the product.

    Store.open(path) ─ sources    cursor, validators, next visit, health, coverage
                     ├ items      known fingerprints; merge: new, updated, same, gone
                     ├ matters    what items belong to; timelines
                     ├ documents  agendas that are followed, and what was read of them
                     ├ outbox     reserve → send → confirm;  pauses: channels that rest
                     ├ threads    first messages of matters, and whether they show the present
                     ├ notices    troubles told once
                     ├ acts       what people do: claims, follows, mutes, reminders
                     ├ ledger     what people say about alerts
                     ├ digests    composed once for a period, and what they are composed of
                     ├ subscribers who gets digests;  mailings: their copies on the way
                     ├ index      full-text search
                     ├ upkeep     backup, check, pruning
                     └ tallies    figures for those who watch the monitor

A Store belongs to the thread that opened it; any number of threads and processes may have one.
"""

from monitor.store.acts import MUTED
from monitor.store.digests import DigestRow
from monitor.store.mailings import Mailing, MailKind
from monitor.store.store import Store
from monitor.store.subscribers import BOUNCED, REMOVED, UNSUBSCRIBED, Joined, Joining
from monitor.store.tallies import PollCounts
from monitor.store.upkeep import Pruned
from monitor.store.values import (
    UNTIL_RESUMED,
    Arrival,
    Attempt,
    ChannelState,
    Coverage,
    DeliveryState,
    Found,
    Grouping,
    Matter,
    Merged,
    Notice,
    OutboxRow,
    PollRecord,
    Revision,
    SourceHealth,
    SourceState,
    StaleThread,
    StoredItem,
    Telling,
    Thread,
    Timeline,
    Verdict,
)

__all__ = [
    "BOUNCED",
    "MUTED",
    "REMOVED",
    "UNSUBSCRIBED",
    "UNTIL_RESUMED",
    "Arrival",
    "Attempt",
    "ChannelState",
    "Coverage",
    "DeliveryState",
    "DigestRow",
    "Found",
    "Grouping",
    "Joined",
    "Joining",
    "MailKind",
    "Mailing",
    "Matter",
    "Merged",
    "Notice",
    "OutboxRow",
    "PollCounts",
    "PollRecord",
    "Pruned",
    "Revision",
    "SourceHealth",
    "SourceState",
    "StaleThread",
    "Store",
    "StoredItem",
    "Telling",
    "Thread",
    "Timeline",
    "Verdict",
]
