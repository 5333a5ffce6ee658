"""A digest's short version, for a channel: counts, what needs action first, what was checked."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.digest.composing import next_date
from monitor.digest.sections import to_act_by
from monitor.models import Agreements, Alert, Checked, Digest, DigestMatter, Section
from monitor.text import digest as hashed
from monitor.text import mask_private, one_line
from monitor.wording import HEADLINE, hearing_time, next_hearing

KIND = "digest"
MOST = 24
_TITLE = 150
_HEADINGS = {
    Section.WON: "Won",
    Section.LOST: "Lost",
    Section.SUITS: "In court",
    Section.AGREEMENTS: "287(g)",
    Section.MOVING: "Moving",
    Section.NEW: "New",
}
_NAMED = 3
Line = tuple[str, str]


def short(digest: Digest, channel: str) -> Alert:
    """Make the short version for a channel; made again, it has the same key."""
    lines = list(_lines(digest))
    room = MOST - 1
    if len(lines) > room:
        rest = len(lines) - room + 1
        lines = [*lines[: room - 1], (f"… and {rest} more in the digest", "")]
    return Alert(
        key=hashed(KIND, channel, digest.name, digest.period.id),
        channel=channel,
        kind=KIND,
        headline=headline(digest),
        lines=(*lines, (coverage(digest.checked), "")),
        created_at=digest.composed_at,
    )


def headline(digest: Digest) -> str:
    """Say in at most 150 characters what a digest holds, and the next date to act by."""
    lead = f"{digest.title}, {digest.period.id}"
    if digest.is_quiet:
        return one_line(f"{lead}: nothing new", HEADLINE)
    now = digest.composed_at
    strong = [one for one in digest.matters if one.section is not Section.WATCHING]
    dates = sum(to_act_by(date, now) for one in strong for date in one.hearings)
    parts = [_counted(len(strong), "matter")]
    parts += [_counted(dates, "date") + " ahead"] if dates else []
    first = next_date(digest)
    coming = f"; next {hearing_time(first[1], now)}" if first else ""
    return one_line(f"{lead}: {', '.join(parts)}{coming}", HEADLINE)


def coverage(checked: Checked) -> str:
    """Say in one line what was checked, and what was not."""
    said = f"{checked.checked} of {_counted(checked.sources, 'source')} checked"
    troubles = (
        ("not readable", [name for name, _ in checked.failed]),
        ("silent", [name for name, _ in checked.silent]),
        ("with gaps", [name for name, _ in checked.gaps]),
        ("not visited", list(checked.never)),
        ("courts whose feeds leave filings out", list(checked.partial)),
    )
    return "; ".join([said, *(f"{word}: {_named(names)}" for word, names in troubles if names)])


def _lines(digest: Digest) -> Iterator[Line]:
    now = digest.composed_at
    dated = [
        (hearing, matter)
        for matter in digest.of(Section.ACT)
        if (hearing := next_hearing(tuple(h for h in matter.hearings if to_act_by(h, now)), now))
    ]
    for hearing, matter in sorted(dated, key=lambda pair: (pair[0].starts or now, pair[1].matter)):
        yield f"{hearing_time(hearing, now)} · {_title(matter)}", matter.url
    for section, word in _HEADINGS.items():
        matters = digest.of(section)
        if section is Section.AGREEMENTS and len(matters) > _NAMED:
            yield f"{word} · {_agreements(digest.agreements, len(matters))}", ""
            continue
        for matter in matters:
            what = f": {one_line(matter.happened[0], 60)}" if matter.happened else ""
            yield f"{word} · {_title(matter)}{what}", matter.url


def _agreements(counted: Agreements, changed: int) -> str:
    """Count what came and went; where nothing did, what changed."""
    came = (f"{counted.added:,} added", counted.added), (f"{counted.ended:,} ended", counted.ended)
    said = [words for words, number in came if number] or [
        f"{_counted(changed, 'agreement')} changed"
    ]
    if counted.total is not None:
        said.append(f"{counted.total:,} in force")
    return ", ".join(said)


def _title(matter: DigestMatter) -> str:
    return one_line(mask_private(matter.title), _TITLE)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _named(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
