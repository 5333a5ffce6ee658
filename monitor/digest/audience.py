"""Cuts a digest down to what one subscriber asked for."""

from __future__ import annotations

from dataclasses import replace

from monitor.jurisdictions import covers
from monitor.models import Agreements, Coming, Digest, DigestMatter, Section, Subscriber


def for_subscriber(digest: Digest, subscriber: Subscriber) -> Digest:
    """Keep the matters of a subscriber's topics and jurisdictions, with all that lies within.

    A dimension without a wish restricts nothing. What was checked stays whole: it is said of the
    monitor, not of the subscriber. Agreements of the whole country are counted where one of them is
    told; activity, and what is not listed, only for who wants everything.
    """
    if not subscriber.topics and not subscriber.jurisdictions:
        return digest
    matters = tuple(one for one in digest.matters if is_wanted(one, subscriber))
    tells = any(one.section is Section.AGREEMENTS for one in matters)
    return replace(
        digest,
        matters=matters,
        coming=tuple(one for one in digest.coming if is_wanted(one, subscriber)),
        agreements=digest.agreements if tells else Agreements(),
        activity=None,
        unlisted=0,
    )


def is_wanted(one: DigestMatter | Coming, subscriber: Subscriber) -> bool:
    """Say whether a subscriber asked for a matter or a date, by its topics and its place."""
    topics, places = subscriber.topics, subscriber.jurisdictions
    if topics and not set(topics) & set(one.topics):
        return False
    return not places or any(covers(place, one.jurisdiction) for place in places)
