"""News and press releases: one event told by several outlets.

Two stories are one where their headlines (and leads, where there are any) say the same things
within a few days, and nothing in one speaks against the other: another number, another place,
another step of the same affair.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import sqrt
from urllib.parse import urlsplit
from zlib import crc32

from monitor.matters.contrasts import contrast, substitution
from monitor.matters.language import concepts, total, weight
from monitor.matters.signatures import hashed, squeezed
from monitor.matters.times import UNKNOWN, days_apart, said
from monitor.matters.values import Excerpt, Likeness, same

# Of a text: what is read, and what of it counts once its dateline is gone; the least that tells.
_LEAD, _OPENED, _OPENING = 350, 280, 150
# A byline that a web page glued to its headline: "…ends, Homan saysBySteve Karnowski, AP".
_BYLINE = re.compile(
    r"(?:(?<=[a-z'\u2019\u201d\"?!.])By\s?|\sBy\s)(?=[A-Z][\w.'-]+\s[A-Z]).{0,120}$"
)
_LABEL = re.compile(
    r"^(?:live(?: updates?| blog)?|watch(?: live)?|video|photos?|breaking(?: news)?|exclusive|"
    r"update[ds]?|report|developing|just in|media advisory|press release|news release)\s*[:|-]\s+",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"^(?:commentary|opinion|editorial|column|letters?(?: to the editor)?|op-ed|analysis|podcast|"
    r"fact[ -]check|poll|review|obituary|perspective|viewpoint)\s*[:|]\s+",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"^(?:what (?:we|to|you)\b|here(?:'|\u2019)?s what|how\b|why\b|who (?:is|was)\b|inside\b|"
    r"(?:\d+|five|three) (?:things|takeaways)|timeline|explainer)",
    re.IGNORECASE,
)
# "CHICAGO (AP) — …", "Aug. 23 (UPI) — …", "Carson City, NV — Today, …".
_DATELINE = re.compile(r"^[A-Z][\w., ]{2,40}(?:\([\w ]{2,20}\)\s*)?\s[\u2013\u2014]\s+")
# The words of somebody that two outlets picked out: two to six of them.
_QUOTED = re.compile(
    r"[\u2018\u201c\"'](\w[\w\u2019'-]*(?:\s[\w\u2019'-]+){1,5})[,.!?]?[\u2019\u201d\"'](?!\w)"
)
_OUTLET = re.compile(
    r"\s+(?:\||[\u2013\u2014-])\s+(?:[^|\u2013\u2014-]{0,60}\b)?(?:news|times|post|tribune|journal|herald|"
    r"press|radio|tv|magazine|gazette|daily|reporter|reformer|guardian|office|department|"
    r"[A-Z]{2,5}|\w+\.(?:com|org|gov))\s*$"
)
_IDS = re.compile(r"[-_](?:[0-9a-f]{12,}|\d{5,})$|\.\w{2,5}$|^(?:\d{5,}|article)[-_]")
SLUG_WORDS = 4
# How alike two stories must be, by the weight of what they share: what twenty random halves of a
# labelled set chose, and held on the other halves.
_EASY, _STEP, _FLOOR = 0.76, 0.06, 0.38
_LEAST_SHARED = 2.0
_STRONG = 1.0
_NO_NAME, _FAR = 0.15, 0.08
_NEAR_DAYS, _FAR_DAYS = 5, 31
_FAR_SHARED = 2.6
_ONE_HOST, _EXPLAINED, _SHARED_QUOTE = 0.08, 0.1, 0.12
# Of the keys.
_TITLE, _SHORT = 60, 20
_DEEP_NAMES, _HEAD_NAMES, _PAIRED, _SINGLE_KEYS = 4, 6, 4, 6
_TELLING, _AGAIN = 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Story:
    """What is read of a story.

    head: concepts of the headline; wide: those of the headline and the words in its address;
    deep: these and the lead's; order: of the headline; counts: all of them, as often as they come.
    quoted: letters of the words in quotation marks.
    comment, background: it gives an opinion, or explains what is known.
    opening: letters of the text's first lines, for syndicated copies.
    """

    head: frozenset[str]
    wide: frozenset[str]
    deep: frozenset[str]
    order: tuple[str, ...]
    counts: tuple[str, ...]
    quoted: frozenset[str]
    title: str
    slug: str
    host: str
    comment: bool
    background: bool
    opening: str
    published: datetime | None


def read_story(part: Excerpt) -> Story:
    """Read a story's headline, address and lead."""
    title, comment = _headline(part.title)
    host, path = split_link(part.url)
    slug = slug_words(path)
    said_first, in_link = concepts(title), concepts(slug)
    lead = _DATELINE.sub("", part.text[:_LEAD], count=1)[:_OPENED]
    in_lead = concepts(lead)
    return Story(
        head=frozenset(said_first),
        wide=frozenset(said_first + in_link),
        deep=frozenset(said_first + in_link + in_lead),
        order=said_first,
        counts=said_first + in_link + in_lead,
        quoted=frozenset([squeezed(words) for words in _QUOTED.findall(title)]),
        title=squeezed(title),
        slug=slug,
        host=host,
        comment=comment,
        background=bool(_BACKGROUND.match(title)),
        opening=squeezed(lead) if len(lead) >= _OPENING else "",
        published=part.published,
    )


def story_keys(story: Story) -> tuple[str, ...]:
    """Return the keys of a story: headline, first lines, a quotation, names, pairs of words.

    A name counts with its quarter of a year, so that no key holds all stories on one person.
    """
    found = [f"h:{story.title[:_TITLE]}"] if len(story.title) > _SHORT else []
    found += [f"l:{story.opening}"] if story.opening else []
    found += [f"q:{words}" for words in sorted(story.quoted)[:1]]
    ranked = _ranked(story)
    headed = [word for word in ranked if word in story.head]
    if story.published:
        quarter = f"{story.published:%Y}-{(story.published.month + 2) // 3}"
        names = ranked[:_DEEP_NAMES] + headed[:_HEAD_NAMES]
        found += [f"n:{quarter}:{word}" for word in names if weight(word) >= _STRONG]
    cities = {word.partition("/")[0] for word in story.head if "/" in word}
    top = sorted([word for word in headed if word not in cities][:_PAIRED])
    found[_SINGLE_KEYS:] = [
        f"p:{one}+{other}" for one, other in combinations(top, 2) if total((one, other)) >= _TELLING
    ]
    return tuple(map(hashed, dict.fromkeys(found)))


def _ranked(story: Story) -> list[str]:
    """Return the weightiest words first, and of these those that come again in address or lead.

    Equal ones go by their hash, which is as good as chance and the same everywhere.
    """
    times = Counter(story.counts)
    graded = [
        (
            -weight(word) * (1 + min(count - 1, 2) * _AGAIN),
            crc32(word.encode("utf-8", "replace")),
            word,
        )
        for word, count in times.items()
    ]
    return [word for _, _, word in sorted(graded)]


def compare_stories(one: Story, other: Story) -> Likeness | None:
    """Say whether two stories tell one event: SAME or None."""
    days = days_apart(one.published, other.published)
    if one.comment != other.comment or (days > _FAR_DAYS and days != UNKNOWN):
        return None
    if one.slug == other.slug and one.slug.count(" ") >= SLUG_WORDS and one.host == other.host:
        return same(f"one address on {one.host}, {said(days)}", 0.95)
    if contrast(one.head, other.head):
        return None
    if one.title == other.title:
        found = same(f"same headline, {said(days)}", 0.95)
        return None if _returns(one, other, days) else found
    if one.opening and one.opening == other.opening and days <= _NEAR_DAYS:
        return same(f"same text under two headlines, {said(days)}", 0.9)
    return _by_words(one, other, days)


def _returns(one: Story, other: Story, days: int) -> bool:
    """Say whether an equal headline may be a column's own title, which comes again each week."""
    if len(one.title) <= _SHORT or total(one.head) < _LEAST_SHARED:
        return days > 1
    return one.host == other.host and days > _NEAR_DAYS


def _by_words(one: Story, other: Story, days: int) -> Likeness | None:
    best = _best_view(one, other, days)
    if best <= 0:
        return None
    shared = sorted(one.deep & other.deep, key=lambda word: (-weight(word), word))[:5]
    words = ", ".join(word.strip("#@") for word in shared)
    return same(f"headlines say the same ({words}), {said(days)}", round(min(0.5 + best, 0.9), 2))


def stories_conflict(one: Story, other: Story) -> str:
    """Return what speaks against two stories being one, "" where nothing does."""
    days = days_apart(one.published, other.published)
    if days != UNKNOWN and days > _FAR_DAYS:
        return said(days)
    return contrast(one.head, other.head)


def _best_view(one: Story, other: Story, days: int) -> float:
    """Compare headlines, then with their addresses, then, between two outlets, with their leads.

    One outlet rarely tells one event at two addresses, and its own phrases make all of its leads
    alike: more is asked of it.
    """
    one_host = one.host == other.host != ""
    if one_host and days == UNKNOWN:
        return 0.0
    more = (_FAR if days > _NEAR_DAYS else 0.0) + (_ONE_HOST if one_host else 0.0)
    more += _EXPLAINED if one.background != other.background else 0.0
    more -= _SHARED_QUOTE if one.quoted & other.quoted else 0.0
    least = _FAR_SHARED if days > _NEAR_DAYS else _LEAST_SHARED
    views = [(one.head, other.head), (one.wide, other.wide)]
    names = not one_host
    best = max(_alike(first, second, least, more, names=names) for first, second in views)
    if best and not substitution(one.order, other.order):
        return best
    led = one.deep != one.wide and other.deep != other.wide
    if one_host or days > _NEAR_DAYS or (best and not led):
        return 0.0
    return _alike(one.deep, other.deep, least, more, names=names)


def _alike(
    one: frozenset[str], other: frozenset[str], least: float, more: float, *, names: bool
) -> float:
    """Return by how much two sets of concepts are more alike than they must be; 0 where less.

    least: weight that they must share; more: added to what is asked; names: a shared name makes up
    for names that each side has alone.
    """
    shared = one & other
    common = total(shared)
    if common < least:
        return 0.0
    needed = max(_EASY - _STEP * common, _FLOOR) + more
    shares_name = names and _has_name(shared)
    if not shares_name and _has_name(one - other) and _has_name(other - one):
        needed += _NO_NAME
    alike = common / sqrt(total(one) * total(other))
    return max(alike - needed + 0.001, 0.0)


def _has_name(words: frozenset[str]) -> bool:
    return any(weight(word) >= _STRONG for word in words)


def _headline(title: str) -> tuple[str, bool]:
    """Return a headline without byline, label, dateline and outlet; and whether it is comment."""
    text = _BYLINE.sub("", title)
    comment = _COMMENT.match(text)
    text = text[comment.end() :] if comment else text
    text = _LABEL.sub("", text, count=1)
    text = _DATELINE.sub("", text, count=1)
    return _OUTLET.sub("", text), bool(comment)


def split_link(url: str) -> tuple[str, str]:
    """Return a link's host and path; both "" where it is no link."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", ""
    return host, parts.path


def slug_words(path: str) -> str:
    """Return the words of an address that repeat a headline: its longest hyphened part, or ""."""
    parts = [
        part for part in path.split("/") if part.count("-") + part.count("_") >= SLUG_WORDS - 1
    ]
    if not parts:
        return ""
    words = _IDS.sub("", _IDS.sub("", max(parts, key=len)))
    return " ".join(re.split(r"[-_]+", words.lower()))
