"""Who asked for what: a subscriber's part of a digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.digest.audience import for_subscriber
from monitor.jurisdictions import ocd
from tests.channels.mails import hearing, matter, subscriber, weekly

DIGEST = replace(
    weekly(
        matter(1, jurisdiction=ocd("ny/new_york"), topics=("sanctuary",)),
        matter(2, jurisdiction=ocd("ny"), topics=("287g", "detention")),
        matter(3, jurisdiction=ocd("ca"), topics=("sanctuary",)),
        matter(4, jurisdiction="nysd", topics=("litigation",)),
        matter(5, jurisdiction=ocd("us"), topics=("287g",)),
    ),
    planned=(("Matter 3", hearing(1)), ("A meeting of no matter", hearing(2))),
    unlisted=7,
)


@pytest.mark.parametrize(
    ("topics", "places", "kept"),
    [
        ((), (), [1, 2, 3, 4, 5]),
        (("sanctuary",), (), [1, 3]),
        (("287g", "litigation"), (), [2, 4, 5]),
        ((), ("ny",), [1, 2, 4]),
        ((), ("ny/new_york",), [1]),
        ((), ("us",), [1, 2, 3, 4, 5]),
        ((), ("ca", "ny/new_york"), [1, 3]),
        ((), ("nysd",), [4]),
        (("sanctuary",), ("ny",), [1]),
        (("oversight",), (), []),
    ],
)
def test_a_subscriber_gets_its_topics_and_places(
    topics: tuple[str, ...], places: tuple[str, ...], kept: list[int]
) -> None:
    """A place with all that lies within it; both wishes together."""
    who = subscriber(topics=topics, jurisdictions=tuple(map(ocd, places)))
    assert [one.matter for one in for_subscriber(DIGEST, who).matters] == kept


def test_without_a_wish_nothing_is_changed() -> None:
    """The digest is the same value."""
    assert for_subscriber(DIGEST, subscriber()) is DIGEST


def test_what_was_checked_is_said_to_everybody() -> None:
    """Of the dates ahead, those of matters that are left out go, too."""
    part = for_subscriber(DIGEST, subscriber(topics=("287g",)))
    assert part.checked == DIGEST.checked
    assert [title for title, _ in part.planned] == ["A meeting of no matter"]
    assert (part.unlisted, part.period, part.title) == (0, DIGEST.period, DIGEST.title)
