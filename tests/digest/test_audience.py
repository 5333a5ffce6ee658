"""Who asked for what: a subscriber's part of a digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.digest.audience import for_subscriber
from monitor.jurisdictions import ocd
from monitor.models import Agreements, Coming, Section, Weekly
from tests.channels.mails import hearing, matter, subscriber, weekly

DIGEST = replace(
    weekly(
        matter(1, jurisdiction=ocd("ny/new_york"), topics=("sanctuary",)),
        matter(2, jurisdiction=ocd("ny"), topics=("287g", "detention")),
        matter(3, jurisdiction=ocd("ca"), topics=("sanctuary",)),
        matter(4, jurisdiction="nysd", topics=("litigation",)),
        matter(5, jurisdiction=ocd("us"), topics=("287g",)),
    ),
    agreements=Agreements(added=3, ended=1, total=1_400),
    coming=(
        Coming(3, "Matter 3", hearing(1), ocd("ca"), ("sanctuary",)),
        Coming(8, "Unchanged in New York", hearing(2), ocd("ny"), ("287g",)),
        Coming(9, "Unchanged in Texas", hearing(2), ocd("tx"), ("287g",)),
    ),
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
    """Whatever they asked for."""
    part = for_subscriber(DIGEST, subscriber(topics=("287g",)))
    assert part.checked == DIGEST.checked
    assert (part.unlisted, part.period, part.title) == (0, DIGEST.period, DIGEST.title)


@pytest.mark.parametrize(
    ("topics", "places", "kept"),
    [
        (("287g",), ("ny",), ["Unchanged in New York"]),
        (("287g",), (), ["Unchanged in New York", "Unchanged in Texas"]),
        (("sanctuary",), ("ny",), []),
        ((), ("ca",), ["Matter 3"]),
    ],
)
def test_dates_ahead_are_those_of_a_subscribers_topics_and_places(
    topics: tuple[str, ...], places: tuple[str, ...], kept: list[str]
) -> None:
    """Also of matters to which nothing happened, and which the digest does not list."""
    who = subscriber(topics=topics, jurisdictions=tuple(map(ocd, places)))
    assert [one.title for one in for_subscriber(DIGEST, who).coming] == kept


def test_activity_over_all_matters_is_shown_to_who_gets_all() -> None:
    """Beside three matters of New York, a column of 150 would be taken for New York's."""
    busy = replace(DIGEST, activity=Weekly("How many?", ("2026-11-09", "2026-11-16"), (84, 150)))
    assert for_subscriber(busy, subscriber()).activity == busy.activity
    assert for_subscriber(busy, subscriber(jurisdictions=(ocd("ny"),))).activity is None


def test_agreements_are_counted_for_who_is_told_of_one() -> None:
    """Who asked for something else is not told of them every week."""
    who = subscriber(topics=("sanctuary",))
    assert for_subscriber(DIGEST, who).agreements == Agreements()
    one = replace(DIGEST.matters[0], section=Section.AGREEMENTS)
    with_one = replace(DIGEST, matters=(one,))
    assert for_subscriber(with_one, who).agreements == DIGEST.agreements
