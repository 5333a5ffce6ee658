"""The nouns: frozen values that travel between the stages, and the protocols of those who act.

    Request → Response → Entry → Item → Change + Match → Alert → Delivery → Receipt

Every value is picklable, so that `pipeline.collect` runs in a thread, a process, or on the worker
of a distributed engine. Times are aware and in UTC.
"""

from monitor.models.alerts import (
    Alert,
    Delivery,
    Posted,
    Receipt,
)
from monitor.models.calendar import (
    CalendarEntry,
)
from monitor.models.digests import (
    Agreements,
    Checked,
    Coming,
    Digest,
    DigestMatter,
    Frequency,
    Language,
    Period,
    Section,
    Subscriber,
    Turn,
    TurnKind,
    Weekly,
)
from monitor.models.documents import (
    Reading,
)
from monitor.models.entries import (
    Attachment,
    Entry,
    Hearing,
    Identifier,
    Mark,
    Parsed,
    Poll,
    Reach,
    Refusal,
)
from monitor.models.exchange import (
    Credential,
    Pairs,
    Request,
    Response,
    Validators,
)
from monitor.models.findings import (
    Finding,
    Level,
)
from monitor.models.items import (
    NO_CLUES,
    Change,
    Clues,
    Collected,
    Due,
    FieldChange,
    Fresh,
    Item,
    Late,
    Match,
    Mention,
    Passage,
)
from monitor.models.matters import (
    Joining,
    Present,
    Related,
    Standing,
)
from monitor.models.participation import (
    Contact,
    ContactKind,
)
from monitor.models.people import (
    Claim,
    Judgement,
    Lead,
    Misfit,
    Person,
    PersonalReminder,
    Relevance,
)
from monitor.models.protocols import (
    Channel,
    Connector,
    Fetcher,
)
from monitor.models.words import (
    Access,
    ChangeKind,
    Direction,
    ItemType,
    Outcome,
    Priority,
    Stage,
)

__all__ = [
    "NO_CLUES",
    "Access",
    "Agreements",
    "Alert",
    "Attachment",
    "CalendarEntry",
    "Change",
    "ChangeKind",
    "Channel",
    "Checked",
    "Claim",
    "Clues",
    "Collected",
    "Coming",
    "Connector",
    "Contact",
    "ContactKind",
    "Credential",
    "Delivery",
    "Digest",
    "DigestMatter",
    "Direction",
    "Due",
    "Entry",
    "Fetcher",
    "FieldChange",
    "Finding",
    "Frequency",
    "Fresh",
    "Hearing",
    "Identifier",
    "Item",
    "ItemType",
    "Joining",
    "Judgement",
    "Language",
    "Late",
    "Lead",
    "Level",
    "Mark",
    "Match",
    "Mention",
    "Misfit",
    "Outcome",
    "Pairs",
    "Parsed",
    "Passage",
    "Period",
    "Person",
    "PersonalReminder",
    "Poll",
    "Posted",
    "Present",
    "Priority",
    "Reach",
    "Reading",
    "Receipt",
    "Refusal",
    "Related",
    "Relevance",
    "Request",
    "Response",
    "Section",
    "Stage",
    "Standing",
    "Subscriber",
    "Turn",
    "TurnKind",
    "Validators",
    "Weekly",
]
