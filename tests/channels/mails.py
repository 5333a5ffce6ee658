"""Made-up messages, digests and subscribers for tests of e-mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from monitor.models import (
    Checked,
    Digest,
    DigestMatter,
    Frequency,
    Hearing,
    ItemType,
    Language,
    Period,
    Section,
    Subscriber,
)
from monitor.render.mail import Letterhead

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
HEAD = Letterhead("digest@coalition.test", "Weekly digest", "staff@coalition.test")
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Audi\xc3\xaancia\r\nEND:VCALENDAR\r\n"


def hearing(days: float, kind: str = "hearing", place: str = "City Hall") -> Hearing:
    """Make a hearing so many days from NOW."""
    return Hearing(kind, NOW + timedelta(days=days), "America/New_York", place)


def matter(
    number: int = 1,
    *hearings: Hearing,
    section: Section = Section.ACT,
    jurisdiction: str = "ny",
    topics: tuple[str, ...] = ("sanctuary",),
) -> DigestMatter:
    """Make a matter."""
    return DigestMatter(
        number,
        section,
        f"Matter {number}",
        ItemType.BILL,
        jurisdiction,
        hearings=hearings,
        topics=topics,
    )


def weekly(*matters: DigestMatter, title: str = "Immigration policy digest") -> Digest:
    """Make a digest of the week before NOW."""
    starts = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
    period = Period("2026-W47", starts, starts + timedelta(days=7), "America/New_York")
    return Digest("weekly", title, period, NOW, matters, checked=Checked(43, 41, 900))


def subscriber(
    address: str = "ana@people.test",
    *,
    name: str = "",
    topics: tuple[str, ...] = (),
    jurisdictions: tuple[str, ...] = (),
    language: Language = Language.ENGLISH,
    frequency: Frequency = Frequency.WEEKLY,
) -> Subscriber:
    """Make a subscriber."""
    return Subscriber(
        1,
        address,
        name,
        topics,
        jurisdictions,
        language,
        frequency,
        NOW,
        token="Tok3n-of-the-subscriber_0123456789",
    )


def letter(text: str = "Hello\n", to: str = "ana@people.test") -> EmailMessage:
    """Make a message without anything special."""
    made = EmailMessage()
    made["From"] = HEAD.sender
    made["To"] = to
    made["Subject"] = "Made up"
    made["Message-ID"] = "<made-up@coalition.test>"
    made.set_content(text, cte="8bit" if not text.isascii() else "7bit")
    return made
