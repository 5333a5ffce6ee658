"""Cuts a digest down to what one subscriber asked for."""

from __future__ import annotations

from dataclasses import replace

from monitor.jurisdictions import covers
from monitor.models import Digest, DigestMatter, Subscriber


def for_subscriber(digest: Digest, subscriber: Subscriber) -> Digest:
    """Keep the matters of a subscriber's topics and jurisdictions, with all that lies within.

    A dimension without a wish restricts nothing. What was checked stays whole: it is said of the
    monitor, not of the subscriber. Dates ahead stay where their matter stays, or where no matter
    of the digest has their title; what is not listed is counted only for who wants everything.
    """
    if not subscriber.topics and not subscriber.jurisdictions:
        return digest
    matters = tuple(one for one in digest.matters if is_wanted(one, subscriber))
    kept = {one.title for one in matters}
    left_out = {one.title for one in digest.matters} - kept
    planned = tuple(one for one in digest.planned if one[0] not in left_out)
    return replace(digest, matters=matters, planned=planned, unlisted=0)


def is_wanted(matter: DigestMatter, subscriber: Subscriber) -> bool:
    """Say whether a subscriber asked for a matter, by its topics and where it happens."""
    topics, places = subscriber.topics, subscriber.jurisdictions
    if topics and not set(topics) & set(matter.topics):
        return False
    return not places or any(covers(place, matter.jurisdiction) for place in places)
