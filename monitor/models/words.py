"""The enumerations: words of DESIGN section 2 that have a fixed list of meanings."""

from __future__ import annotations

from enum import StrEnum


class ItemType(StrEnum):
    """What sort of thing an item is (DESIGN, "type")."""

    BILL = "bill"
    COUNCIL_ITEM = "council_item"
    AGENDA_ITEM = "agenda_item"
    MEETING = "meeting"
    DOCKET_ENTRY = "docket_entry"
    DOCKET_CAPTION = "docket_caption"
    OPINION = "opinion"
    EXECUTIVE_ORDER = "executive_order"
    FEDERAL_REGISTER = "federal_register"
    PRESS_RELEASE = "press_release"
    NEWS = "news"
    AGREEMENT = "agreement"
    PAGE_CHANGE = "page_change"
    ROW = "row"


class Access(StrEnum):
    """What a URL is for: robots.txt is asked for pages and documents, not for APIs and feeds."""

    API = "api"
    FEED = "feed"
    PAGE = "page"
    DOCUMENT = "document"


class Outcome(StrEnum):
    """What one poll came to; `empty` is an answer that held nothing, never a failure."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILED = "failed"


class ChangeKind(StrEnum):
    """What a poll found about an item."""

    NEW = "new"
    UPDATED = "updated"
    GONE = "gone"


class Priority(StrEnum):
    """high: at once; normal: at once, without emphasis; low: in the digest only."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Direction(StrEnum):
    """Which way a matter goes: less cooperation with ICE, more of it, or the text does not say."""

    LIMITS = "limits"
    EXPANDS = "expands"
    UNCLEAR = "unclear"


class Stage(StrEnum):
    """How far a matter has come, in the field's terms; the publisher's own words stay beside it.

    Legislation runs from introduced to enacted or failed, and may be repealed; rules from proposed
    to final; litigation from filed to closed; agreements from pending to terminated.

    passed: the council, or both chambers; a bill that one of two chambers passed is at "passed one
        chamber" (engrossed).
    reported: out of committee, before the floor.
    restraining order: a TRO, which lawyers never call an injunction.
    injunction vacated: lifted, dissolved or reversed, where "stayed" suspends it meanwhile.
    judgment: the trial or appellate court has decided the case itself.
    mandate issued: a higher court's decision takes effect, and the case is the lower court's again;
        "remanded" where it says so.
    closed: the docket is closed: dismissed, terminated, certiorari denied.
    """

    INTRODUCED = "introduced"
    IN_COMMITTEE = "in committee"
    HEARING_SET = "hearing set"
    AMENDED = "amended"
    REPORTED = "reported from committee"
    PASSED_ONE_CHAMBER = "passed one chamber"
    PASSED = "passed"
    SIGNED = "signed"
    VETOED = "vetoed"
    ENACTED = "enacted"
    REPEALED = "repealed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    PROPOSED = "proposed"
    FINAL = "final"
    FILED = "filed"
    MOTION = "motion"
    ORDER = "order"
    TRO_GRANTED = "restraining order granted"
    TRO_DENIED = "restraining order denied"
    INJUNCTION_GRANTED = "injunction granted"
    INJUNCTION_DENIED = "injunction denied"
    INJUNCTION_STAYED = "injunction stayed"
    INJUNCTION_VACATED = "injunction vacated"
    JUDGMENT = "judgment"
    APPEALED = "appealed"
    MANDATE = "mandate issued"
    REMANDED = "remanded"
    CLOSED = "closed"
    PENDING = "pending"
    TERMINATED = "terminated"
