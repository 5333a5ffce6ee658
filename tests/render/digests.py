"""Digests made up for tests, in the true manner: a full week, a quiet one, and a flood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.models import (
    Agreements,
    Checked,
    Coming,
    Contact,
    ContactKind,
    Digest,
    DigestMatter,
    Direction,
    Hearing,
    ItemType,
    Language,
    Passage,
    Period,
    Section,
    Stage,
    Subscriber,
    Turn,
    TurnKind,
    Weekly,
)

NEW_YORK = "America/New_York"
# Monday, 8:00 am in New York.
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
PERIOD = Period(
    "2026-W47",
    datetime(2026, 11, 16, 5, 0, tzinfo=UTC),
    datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
    NEW_YORK,
)
SUBSCRIBER = Subscriber(
    7,
    "ana@example.org",
    "Ana",
    topics=("287g",),
    jurisdictions=("ocd-division/country:us/state:ny",),
)
SPANISH = replace(SUBSCRIBER, language=Language.SPANISH)
NYC = "ocd-division/country:us/state:ny/place:new_york"
MD = "ocd-division/country:us/state:md"
TX = "ocd-division/country:us/state:tx"
HEARING = Hearing(
    "hearing",
    datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    NEW_YORK,
    place="250 Broadway, Committee Room, 16th Floor",
)
CONTACTS = (
    Contact(
        ContactKind.COMMENT_DEADLINE,
        "72 hours after the hearing",
        said="Written testimony may be submitted up to 72 hours after the hearing.",
        due=datetime(2026, 11, 27, 15, 0, tzinfo=UTC),
        timezone=NEW_YORK,
    ),
    Contact(ContactKind.EMAIL, "testimony@council.example.gov"),
    Contact(ContactKind.FORM, "https://council.example.gov/testify"),
    Contact(ContactKind.VIDEO, "https://video.example.gov/j/8720", code="meeting ID 872 0404 1188"),
)


def weeks(count: int, last: date = date(2026, 11, 16)) -> tuple[str, ...]:
    """Name the first days of the last weeks."""
    return tuple((last - timedelta(weeks=n)).isoformat() for n in range(count - 1, -1, -1))


def passage(text: str, *words: str, field: str = "text") -> Passage:
    """Quote a text with some of its words as hits."""
    hits = tuple((text.index(word), text.index(word) + len(word)) for word in words)
    return Passage(field, 0, len(text), text, hits)


ACT = DigestMatter(
    matter=11,
    section=Section.ACT,
    title="Int 1412-2026 — Creating a private right of action for unlawful civil immigration "
    "detainers and communications with federal immigration authorities",
    type=ItemType.COUNCIL_ITEM,
    jurisdiction=NYC,
    url="https://council.example.gov/matters/1412",
    stage=Stage.HEARING_SET,
    stage_said="Hearing scheduled by Committee",
    direction=Direction.LIMITS,
    happened=("Hearing moved to Tue, Nov 24, 2026, 10:00 am EST", "Documents changed"),
    turns=(Turn(TurnKind.DATE_MOVED, hearing=HEARING), Turn(TurnKind.DOCUMENTS)),
    passage=passage(
        "Any person who is detained in violation of section 9-131 may bring a civil action; the "
        "department shall not honor a civil immigration detainer unless it is accompanied by a "
        "judicial warrant.",
        "civil immigration detainer",
        field="Int 1412-2026.pdf p. 3",
    ),
    hearings=(HEARING,),
    contacts=CONTACTS,
    topics=("sanctuary", "detainers"),
    reasons=("Sanctuary ordinances", "Detainers"),
    sources=("New York City Council",),
    priority_rank=0,
)
RULE = DigestMatter(
    matter=12,
    section=Section.ACT,
    title="FR 2026-24518 — Collection of Biometrics by Delegated Officers under Section 287(g)",
    type=ItemType.FEDERAL_REGISTER,
    jurisdiction="ocd-division/country:us",
    url="https://register.example.gov/2026-24518",
    stage=Stage.PROPOSED,
    direction=Direction.EXPANDS,
    happened=("New in the Federal Register",),
    turns=(Turn(TurnKind.NEW),),
    passage=passage("would let officers under section 287(g) collect", "287(g)"),
    hearings=(
        Hearing(
            "comment_deadline",
            datetime(2027, 1, 19, 5, 0, tzinfo=UTC),
            NEW_YORK,
            all_day=True,
        ),
    ),
    contacts=(Contact(ContactKind.FORM, "https://comments.example.gov/ICE-2026-0007"),),
    reasons=("287(g) agreements",),
    sources=("Federal Register",),
)
WON = DigestMatter(
    matter=21,
    section=Section.WON,
    title="HB 1222 — Maryland Values Act: ending agreements under 8 U.S.C. 1357(g)",
    type=ItemType.BILL,
    jurisdiction=MD,
    url="https://legislature.example.gov/hb1222",
    stage=Stage.SIGNED,
    stage_said="Approved by the Governor - Chapter 718",
    direction=Direction.LIMITS,
    happened=("Signed (“Approved by the Governor - Chapter 718”)",),
    turns=(Turn(TurnKind.STAGE, stage=Stage.SIGNED, new="Approved by the Governor - Chapter 718"),),
    passage=passage(
        "A unit of local government may not enter into an agreement under 8 U.S.C. § 1357(g).",
        "1357(g)",
    ),
    reasons=("287(g) agreements",),
    sources=("Maryland General Assembly", "The Baltimore Courier"),
)
LOST = DigestMatter(
    matter=31,
    section=Section.LOST,
    title="SB 8 — Relating to agreements between sheriffs and federal immigration authorities",
    type=ItemType.BILL,
    jurisdiction=TX,
    url="https://legislature.example.gov/sb8",
    stage=Stage.ENACTED,
    direction=Direction.EXPANDS,
    happened=("Enacted (“Effective immediately”)", "Also reported by The Texas Wire (3 reports)"),
    turns=(
        Turn(TurnKind.STAGE, stage=Stage.ENACTED, new="Effective immediately"),
        Turn(TurnKind.REPORTED, new="The Texas Wire", count=3),
    ),
    passage=passage(
        "The sheriff of each county with a population of more than 100,000 shall request and, as "
        "offered, enter into an agreement under Section 287(g).",
        "287(g)",
    ),
    reasons=("287(g) agreements",),
    sources=("Texas Legislature Online",),
)
SUIT = DigestMatter(
    matter=41,
    section=Section.SUITS,
    title="No. 3:25-cv-01350 — City and County of Sampleville v. Department of Homeland Security",
    type=ItemType.DOCKET_CAPTION,
    jurisdiction="cand",
    url="https://docket.example.gov/1350",
    stage=Stage.INJUNCTION_GRANTED,
    happened=("Injunction granted", "4 papers filed, the weightiest: “Order on Motion”"),
    turns=(
        Turn(TurnKind.STAGE, stage=Stage.INJUNCTION_GRANTED),
        Turn(TurnKind.FILED, new="Order on Motion", count=4),
    ),
    reasons=("Litigation",),
    sources=("N.D. Cal. docket feed",),
)
AGREEMENT = DigestMatter(
    matter=51,
    section=Section.AGREEMENTS,
    title="Sample County Sheriff's Office — Task Force Model",
    type=ItemType.AGREEMENT,
    jurisdiction="ocd-division/country:us/state:fl/county:sample",
    stage=Stage.PENDING,
    direction=Direction.EXPANDS,
    happened=("New agreement",),
    turns=(Turn(TurnKind.NEW),),
    reasons=("287(g) agreements",),
    sources=("ICE list of 287(g) agreements",),
)
MOVING = DigestMatter(
    matter=61,
    section=Section.MOVING,
    title="Res 0246-2026 — Resolution in support of the VISIBLE Act",
    type=ItemType.COUNCIL_ITEM,
    jurisdiction=NYC,
    url="https://council.example.gov/matters/246",
    stage=Stage.IN_COMMITTEE,
    direction=Direction.LIMITS,
    happened=("Text amended", "Sponsors: Avilés, Hanif"),
    turns=(Turn(TurnKind.AMENDED), Turn(TurnKind.FIELD, name="sponsors", new="Avilés, Hanif")),
    passage=passage("requiring federal officers to display their agency", "federal officers"),
    reasons=("Masks and identification",),
    sources=("New York City Council",),
)
NEW = DigestMatter(
    matter=71,
    section=Section.NEW,
    title="Agreement with the U.S. Marshals Service for the housing of detainees",
    type=ItemType.AGENDA_ITEM,
    jurisdiction="ocd-division/country:us/state:nc/county:cumberland",
    url="https://county.example.gov/agenda/9",
    happened=("New on an agenda",),
    turns=(Turn(TurnKind.NEW),),
    passage=passage(
        "a rider permitting use of the facility by Immigration and Customs Enforcement (ICE)",
        "Immigration and Customs Enforcement",
        "ICE",
        field="agenda.pdf p. 12",
    ),
    reasons=("Detention contracts",),
    sources=("Cumberland County",),
)
WATCHING = DigestMatter(
    matter=81,
    section=Section.WATCHING,
    title="Budget hearing of the Department of Community Safety",
    type=ItemType.MEETING,
    jurisdiction=NYC,
    url="https://council.example.gov/meetings/3",
    happened=("New meeting",),
    turns=(Turn(TurnKind.NEW),),
)
CHECKED = Checked(
    sources=43,
    checked=41,
    polls=5_208,
    failed=(
        ("Harris County Commissioners Court", "HTTP 503; last read Thu, Nov 19, 2026, 4:10 pm EST"),
    ),
    silent=(("Dane County", "no entries, expected 5/week"),),
    gaps=(("S.D.N.Y. docket feed", "more was published than its list holds, twice"),),
    never=("Pima County",),
    partial=("D. Mass.", "W.D. Tex."),
)
WHOLE = Checked(sources=43, checked=43, polls=5_301, partial=("D. Mass.",))
ACTIVITY = Weekly(
    "How many matters moved each week?",
    weeks(13),
    (31, 28, 40, 22, 35, 51, 47, 38, 29, 33, 44, 61, 48),
)
AGREEMENTS = Agreements(
    added=9,
    ended=2,
    total=1_412,
    trend=Weekly(
        "How many 287(g) agreements are in force?",
        weeks(10),
        (1_330, 1_341, 1_341, 1_352, 1_360, 1_377, 1_389, 1_398, 1_405, 1_412),
    ),
)
PLANNED = (
    Coming(91, "Int 900-2026 — Reporting on civil immigration detainers", HEARING),
    Coming(
        92,
        "HB 77 — Prohibiting masks for law enforcement officers",
        Hearing("meeting", datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "America/Chicago", "Room 4"),
    ),
    Coming(
        93,
        "Detention center zoning appeal",
        replace(HEARING, starts=datetime(2026, 12, 3, 0, 0, tzinfo=UTC), cancelled=True, place=""),
    ),
)


def full_week() -> Digest:
    """Compose a week in which much happened."""
    more = replace(NEW, matter=72, title="Resolution urging the sheriff to end the 287(g) program")
    return Digest(
        name="weekly",
        title="Immigration policy digest",
        period=PERIOD,
        composed_at=NOW,
        matters=(
            ACT,
            RULE,
            WON,
            LOST,
            SUIT,
            AGREEMENT,
            MOVING,
            NEW,
            more,
            WATCHING,
            replace(WATCHING, matter=82, title="Update on public safety technology"),
        ),
        agreements=AGREEMENTS,
        activity=ACTIVITY,
        checked=CHECKED,
        coming=PLANNED,
    )


def quiet_week() -> Digest:
    """Compose a week in which nothing happened."""
    return replace(
        full_week(),
        matters=(WATCHING,),
        agreements=replace(AGREEMENTS, added=0, ended=0),
        checked=WHOLE,
        coming=PLANNED[1:2],
    )


def flood(count: int = 500, title: str = "") -> Digest:
    """Compose a week of so many matters with long titles, in every section."""
    kinds = (ACT, RULE, WON, LOST, SUIT, AGREEMENT, MOVING, NEW, WATCHING)
    long = title or "An act relating to the cooperation of local officers with ICE, " * 12
    order = list(Section)
    matters = [
        replace(kinds[n % len(kinds)], matter=1_000 + n, title=f"HB {n} — {long}")
        for n in range(count)
    ]
    matters.sort(key=lambda one: order.index(one.section))
    return replace(full_week(), matters=tuple(matters))
