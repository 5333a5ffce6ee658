"""Makes entries comparable: clean words, one key each, and a fingerprint of what would be news.

Entry → clean title and text → key (publisher's, else URL, else text) → fingerprint → Item
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from monitor.dates import iso, local
from monitor.models import Attachment, Entry, FieldChange, Hearing, Item, Pairs
from monitor.participation import linked
from monitor.stages import Said, read_item, read_said
from monitor.text import clean_text, digest, fold, one_line
from monitor.urls import canonical, sound, without_tokens

_LONGEST_TITLE = 1_000
_LONGEST_TEXT = 1_000_000


def normalise(entry: Entry, source_id: str, jurisdiction: str) -> Item:
    """Turn one entry into an item; `jurisdiction` holds where the entry names none.

    Use `normalise_all` for an answer: it sees keys that several entries share.
    """
    title, text = _words(entry)
    url = sound(entry.url)
    office = _line(entry.office)
    status = _line(entry.status)
    facts = tuple([(name, _line(value)) for name, value in entry.facts if value])
    noise = _noise(entry)
    labels = tuple([label for label in map(_line, entry.labels) if label])
    material = _material(title, text, status, office, entry.hearings, entry.attachments, facts)
    where = entry.jurisdiction or jurisdiction
    told = read_said(_said(entry, where, (title, text), (status, office), (labels, facts, noise)))
    return Item(
        source=source_id,
        key=sound(entry.key.strip()) or _fallback_key(url, title, text),
        type=entry.type,
        jurisdiction=where,
        title=title,
        text=text,
        url=url,
        published=entry.published,
        fingerprint=fingerprint(material),
        office=office,
        status=status,
        identifiers=entry.identifiers,
        hearings=entry.hearings,
        attachments=entry.attachments,
        facts=facts,
        noise=noise,
        labels=labels,
        muted=entry.muted,
        watched=entry.watched,
        participation=(*entry.participation, *linked(entry)),
        stage=told.stage if told else None,
        stage_said=told.said if told else "",
    )


def _said(
    entry: Entry,
    where: str,
    words: tuple[str, str],
    stands: tuple[str, str],
    told: tuple[tuple[str, ...], Pairs, Pairs],
) -> Said:
    """Put together what tells of an entry's stage, in its clean words."""
    return Said(
        type=entry.type,
        title=words[0],
        text=words[1],
        status=stands[0],
        office=stands[1],
        jurisdiction=where,
        labels=told[0],
        facts=told[1],
        noise=told[2],
        identifiers=entry.identifiers,
        hearings=entry.hearings,
        attachments=entry.attachments,
    )


def normalise_all(
    entries: Iterable[Entry], source_id: str, jurisdiction: str, known: Container[str] = ()
) -> tuple[Item, ...]:
    """Turn all entries of one answer into items with a key each, in the answer's order.

    Exact repeats become one item. Entries that share a key but not their words (a feed with one
    guid for all) get longer keys, made of their own URL and title, so that they stay the same when
    others come and go. known: keys of the source that are stored; they keep such an entry's longer
    key when its twin has left the window.
    """
    return tuple([item for _, item in indexed(entries, source_id, jurisdiction, known)])


def indexed(
    entries: Iterable[Entry], source_id: str, jurisdiction: str, known: Container[str] = ()
) -> tuple[tuple[int, Item], ...]:
    """Do as `normalise_all`, and say for each item the index of its (first) entry."""
    sharing: dict[str, list[tuple[int, Item]]] = defaultdict(list)
    for index, entry in enumerate(entries):
        item = normalise(entry, source_id, jurisdiction)
        sharing[item.key].append((index, item))
    found: list[tuple[int, Item]] = []
    for group in sharing.values():
        found.extend(_apart(group, known) if len(group) > 1 else _remembered(group, known))
    found.sort(key=lambda pair: pair[0])
    return tuple(found)


def material(item: Item) -> Pairs:
    """Return what would be news about an item, as named text; empty fields are left out.

    Names: title, text, status, office, hearings, attachments, and those of `Item.facts`.
    """
    return _material(
        item.title,
        item.text,
        item.status,
        item.office,
        item.hearings,
        item.attachments,
        item.facts,
    )


def fingerprint(pairs: Pairs) -> str:
    """Hash named material; neither the order of the pairs nor their white space counts."""
    return digest(*[part for pair in sorted(pairs) for part in pair])


def differences(old: Pairs, new: Pairs) -> tuple[FieldChange, ...]:
    """Compare the material of two states of one item; fields in the order of the new state."""
    before, after = _joined(old), _joined(new)
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def item_changes(old: Item, new: Item) -> tuple[FieldChange, ...]:
    """Compare two states of one item: what would be news, and with it the stage, where it moved.

    A stage is no news by itself: the old state is read anew, so that a better reader tells nothing,
    and a stage that can no longer be read is passed over.
    """
    fields = differences(material(_aligned(old, new)), material(new))
    if not fields or new.stage is None:
        return fields
    before = read_item(old)
    if before is not None and before.stage is new.stage:
        return fields
    stage = FieldChange("stage", before.stage.value if before else "", new.stage.value)
    return (*fields, stage)


def chosen(entry: Entry, news: Sequence[str], no_news: Sequence[str]) -> Entry:
    """Move the fields that a source's maintainers count as news to the facts, others to the noise.

    A name means itself, its plural, and what ends with it: sponsor is also "prime sponsors".
    """
    if not (news or no_news):
        return entry
    told = [pair for pair in entry.noise if _is_named(pair[0], news)]
    kept = [pair for pair in entry.facts if _is_named(pair[0], no_news)]
    facts = (*(pair for pair in entry.facts if pair not in kept), *told)
    noise = (*(pair for pair in entry.noise if pair not in told), *kept)
    return replace(entry, facts=facts, noise=noise)


def _is_named(field: str, names: Sequence[str]) -> bool:
    plain = fold(field.replace("_", " ")).rstrip("s")
    return any(plain.endswith(fold(name.replace("_", " ")).rstrip("s")) for name in names)


def _aligned(old: Item, new: Item) -> Item:
    """Sort an old state's facts and noise as the new state's are: a change of mind is no news."""
    facts, noise = ({name for name, _ in pairs} for pairs in (new.facts, new.noise))
    come = tuple(pair for pair in old.noise if pair[0] in facts - noise)
    gone = tuple(pair for pair in old.facts if pair[0] in noise - facts)
    if not (come or gone):
        return old
    stay = tuple(pair for pair in old.facts if pair not in gone)
    return replace(old, facts=(*stay, *(pair for pair in come if pair not in stay)))


def _joined(pairs: Pairs) -> dict[str, str]:
    """Give each name one value; those that repeat (two sponsors) are joined in order."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]}; {value}" if name in found else value
    return found


def _material(
    title: str,
    text: str,
    status: str,
    office: str,
    hearings: tuple[Hearing, ...],
    attachments: tuple[Attachment, ...],
    facts: Pairs,
) -> Pairs:
    pairs = [("title", title), ("status", status), ("office", office)]
    # A date that was read out of sentences comes and goes with what could be read: no news.
    if given := [hearing for hearing in hearings if not hearing.derived]:
        pairs.append(("hearings", "\n".join(sorted(map(_hearing, given)))))
    pairs.extend(facts)
    if attachments:
        pairs.append(("attachments", "\n".join(sorted({_attachment(one) for one in attachments}))))
    pairs.append(("text", " ".join(text.split()) if "\n" in text else text))
    return tuple([pair for pair in pairs if pair[1]])


def _hearing(hearing: Hearing) -> str:
    """Write a hearing in one line, at local time."""
    if hearing.starts is None:
        when = hearing.said
    elif hearing.all_day:
        when = local(hearing.starts, hearing.timezone).strftime("%Y-%m-%d")
    else:
        when = local(hearing.starts, hearing.timezone).strftime("%Y-%m-%d %H:%M %Z")
    parts = (hearing.kind, when, _line(hearing.place), "cancelled" if hearing.cancelled else "")
    return ", ".join([part for part in parts if part])


def _attachment(attachment: Attachment) -> str:
    """Write an attachment in one line, without what its link changes at every visit."""
    return f"{_line(attachment.title)} <{without_tokens(attachment.url)}>".strip()


def _words(entry: Entry) -> tuple[str, str]:
    """Clean an entry's title and text; what is cut off an endless title stands in the text."""
    title = _line(entry.title, entry.html)
    text = clean_text(entry.body, entry.html)
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT]
    if len(title) > _LONGEST_TITLE:
        text = f"{title}\n{text}".strip()
        title = one_line(title, _LONGEST_TITLE)
    return title, text


def _line(raw: str, html: bool = False) -> str:
    text = clean_text(raw, html)
    return text.replace("\n", " ") if "\n" in text else text


def _noise(entry: Entry) -> Pairs:
    """Collect what is kept and is no news; an unread date stays visible."""
    noise = tuple([(name, _line(value)) for name, value in entry.noise if value])
    if entry.published is None and entry.published_said:
        noise = (*noise, ("published", _line(entry.published_said)))
    return noise if entry.updated is None else (*noise, ("updated", iso(entry.updated)))


def _fallback_key(url: str, title: str, text: str) -> str:
    """Identify an entry that has no id of its publisher."""
    if url:
        return f"url:{canonical(url)}"
    return f"text:{digest(fold(title), fold(text))}"


def _own(item: Item) -> str:
    """Lengthen a shared key by what tells this entry from the others: its URL and title."""
    return f"{item.key}|{digest(canonical(item.url) if item.url else '', fold(item.title))[:16]}"


def _apart(group: Sequence[tuple[int, Item]], known: Container[str]) -> list[tuple[int, Item]]:
    """Give entries that share a key their own; drop exact repeats, the first one stays."""
    distinct = _once(group)
    if len(distinct) == 1:
        return _remembered(distinct, known)
    renamed = [(index, replace(item, key=_own(item))) for index, item in distinct]
    taken: dict[str, int] = defaultdict(int)
    for _, item in renamed:
        taken[item.key] += 1
    return [
        (index, item if taken[item.key] == 1 else replace(item, key=_last_resort(item)))
        for index, item in renamed
    ]


def _once(group: Sequence[tuple[int, Item]]) -> list[tuple[int, Item]]:
    """Drop entries that say the same as an earlier one."""
    seen: set[tuple[str, str, object]] = set()
    kept = []
    for index, item in group:
        said = (item.fingerprint, item.url, item.published)
        if said not in seen:
            seen.add(said)
            kept.append((index, item))
    return kept


def _last_resort(item: Item) -> str:
    """Tell apart entries with one id, one URL and one title: by their words and date."""
    when = iso(item.published) if item.published else ""
    return f"{item.key}|{digest(item.fingerprint, when)[:16]}"


def _remembered(group: Sequence[tuple[int, Item]], known: Container[str]) -> list[tuple[int, Item]]:
    """Keep the longer key under which a lone entry is stored since its key was shared."""
    index, item = group[0]
    if not known:
        return [(index, item)]
    own = _own(item)
    return [(index, replace(item, key=own) if own in known else item)]
