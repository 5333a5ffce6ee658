"""Who is told about a change, how often, and what is no news."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.alerts import Route, Routing, compose
from monitor.models import ChangeKind, Direction, FieldChange, Match, Priority
from tests.alerts.builders import NEW_YORK, NOW, ROUTING, STATE_NY, change, docket, item, match

STATUS = FieldChange("status", "Committee", "Adopted")


def channels(routing: Routing, *matches: Match, **fields: object) -> list[str]:
    """Say where a new item with these matches goes."""
    news = change(item=item(**fields))
    return [alert.channel for alert in compose(news, matches, routing, now=NOW)]


def test_a_match_without_a_way_of_its_own_goes_to_the_default_channel() -> None:
    """No filter channel and no route: the default."""
    assert channels(ROUTING, match()) == ["#immigration-alerts"]


def test_a_filters_channels_and_all_routes_that_hold_are_joined_and_replace_the_default() -> None:
    """Every channel is told once, however many ways lead to it."""
    routing = Routing(
        "#all", (Route("#ny", jurisdiction=STATE_NY), Route("#287g", topic="287g"), Route("#ny"))
    )
    told = channels(routing, match(channels=("#287g", "#lawyers")))
    assert told == ["#287g", "#lawyers", "#ny"]


@pytest.mark.parametrize(
    "route",
    [
        Route("#x", jurisdiction="ocd-division/country:us"),
        Route("#x", jurisdiction=NEW_YORK),
        Route("#x", topic="287g"),
        Route("#x", direction=Direction.LIMITS),
        Route("#x", priority=Priority.NORMAL),
        Route("#x", source="nyc-council"),
        Route("#x", jurisdiction=STATE_NY, topic="287g", source="nyc-council"),
    ],
)
def test_a_route_takes_what_meets_all_its_conditions(route: Route) -> None:
    """Jurisdictions cover what lies in them; the other conditions are exact."""
    assert channels(Routing("#all", (route,)), match()) == ["#x"]


@pytest.mark.parametrize(
    "route",
    [
        Route("#x", jurisdiction="ocd-division/country:us/state:ca"),
        Route("#x", jurisdiction=NEW_YORK, topic="detainers"),
        Route("#x", direction=Direction.EXPANDS),
        Route("#x", priority=Priority.HIGH),
        Route("#x", source="nyc"),
    ],
)
def test_a_route_leaves_what_fails_one_condition(route: Route) -> None:
    """One condition that does not hold is enough."""
    assert channels(Routing("#all", (route,)), match()) == ["#all"]


def test_a_low_match_is_left_to_the_digest() -> None:
    """Nothing is sent at once for a low filter, even along a route."""
    routing = Routing("#all", (Route("#x"),))
    assert channels(routing, match(priority=Priority.LOW, channels=("#y",))) == []


def test_a_low_match_is_no_reason_of_an_alert_that_another_one_made() -> None:
    """Weak words beside the strong ones would only make the reason harder to see."""
    low, high = match("jails", priority=Priority.LOW), match(priority=Priority.HIGH)
    (alert,) = compose(change(), (low, high), ROUTING)
    assert [told.topic for told in alert.matches] == ["287g"]
    assert alert.priority is Priority.HIGH


def test_each_channel_sees_only_its_own_matches() -> None:
    """A channel for one topic is not told why another one was told."""
    routing = Routing("#all", (Route("#287g", topic="287g"),))
    told = compose(change(), (match(), match("detainers")), routing)
    topics = {alert.channel: [match.topic for match in alert.matches] for alert in told}
    assert topics == {"#287g": ["287g"], "#all": ["detainers"]}


def test_no_match_is_no_alert() -> None:
    """An item on which no filter holds is kept and not told."""
    assert compose(change(), (), ROUTING) == ()


def test_a_muted_item_is_never_told() -> None:
    """A docket's "~Util" line is kept, whatever it matches."""
    assert compose(change(item=item(muted="a clerk's note")), (match(),), ROUTING) == ()


def test_a_docket_of_the_watch_list_needs_no_match() -> None:
    """The configuration names it: it is told, and says so."""
    (alert,) = compose(change(item=docket(watched="our own case")), (), ROUTING)
    assert alert.channel == "#immigration-alerts"
    assert "our own case" in alert.matches[0].title


@pytest.mark.parametrize("topic", ["watched", "litigation"])
def test_routes_can_name_the_watch_list(topic: str) -> None:
    """A watched docket goes where litigation goes."""
    routing = Routing("#all", (Route("#court", topic=topic),))
    (alert,) = compose(change(item=docket(watched="our own case")), (), routing)
    assert alert.channel == "#court"


def test_a_watched_council_item_is_no_litigation() -> None:
    """The short way "litigation" is for courts."""
    routing = Routing("#all", (Route("#court", topic="litigation"),))
    (alert,) = compose(change(item=item(watched="the budget")), (), routing)
    assert alert.channel == "#all"


# --------------------------------------------------------------------------- what is news


@pytest.mark.parametrize("name", ["title", "text", "status", "hearings", "sponsors", "attachments"])
def test_a_change_of_what_people_act_upon_is_news(name: str) -> None:
    """Facts of any name count: a connector says which fields are facts."""
    news = change(ChangeKind.UPDATED, FieldChange(name, "before", "after"))
    assert compose(news, (match(),), ROUTING)[0].fields == news.fields


@pytest.mark.parametrize(
    "field",
    [
        FieldChange("url", "https://a.example/1", "https://a.example/2"),
        FieldChange("labels", "a", "b"),
        FieldChange("published", "1", "2"),
        FieldChange(
            "title", "Sheriff\u2019s \u201c287(g)\u201d agreement", 'Sheriff\'s  "287(g)" agreement'
        ),
    ],
)
def test_a_bumped_date_or_another_kind_of_quote_is_no_news(field: FieldChange) -> None:
    """What no reader would notice is not told."""
    assert compose(change(ChangeKind.UPDATED, field), (match(),), ROUTING) == ()


def test_only_the_fields_that_are_news_are_shown() -> None:
    """An alert's fields leave out what moved along."""
    news = change(ChangeKind.UPDATED, FieldChange("labels", "a", "b"), STATUS)
    assert compose(news, (match(),), ROUTING)[0].fields == (STATUS,)


def test_what_is_gone_is_news() -> None:
    """A terminated agreement disappears from a list: that is the story."""
    assert compose(change(ChangeKind.GONE), (match(),), ROUTING)[0].change is ChangeKind.GONE


# ----------------------------------------------------------------------------------- keys


def test_the_same_change_composed_twice_has_the_same_keys() -> None:
    """A second enqueue is harmless."""
    once, twice = (compose(change(), (match(),), ROUTING, now=NOW) for _ in range(2))
    assert [alert.key for alert in once] == [alert.key for alert in twice]


def test_every_difference_that_matters_gives_another_key() -> None:
    """Channel, matter, item, source, kind of change, fingerprint and revision each count."""
    base = change()
    others = [
        base,
        replace(base, matter=8),
        replace(base, kind=ChangeKind.GONE),
        replace(base, revision=2),
        replace(base, item=item(key="other")),
        replace(base, item=item(source="other")),
        replace(base, item=item(fingerprint="f2")),
    ]
    keys = {compose(other, (match(),), ROUTING)[0].key for other in others}
    keys |= {alert.key for alert in compose(base, (match(channels=("#a", "#b")),), ROUTING)}
    assert len(keys) == len(others) + 2


def test_a_key_says_nothing_about_the_alert() -> None:
    """Everybody in the workspace can read it in a message's metadata."""
    (alert,) = compose(change(), (match(),), ROUTING)
    assert len(alert.key) == 32
    assert int(alert.key, 16)


def test_a_hearing_moved_back_and_forth_is_told_each_time() -> None:
    """The second move to the same day is news again: the store counts revisions."""
    moved = change(ChangeKind.UPDATED, FieldChange("hearings", "Tue", "Wed"))
    first, second = (
        compose(replace(moved, revision=n), (match(),), ROUTING)[0].key for n in (1, 3)
    )
    assert first != second


# ------------------------------------------------------------------------------ direction


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((Direction.LIMITS, Direction.LIMITS), Direction.LIMITS),
        ((Direction.EXPANDS, Direction.UNCLEAR), Direction.EXPANDS),
        ((Direction.LIMITS, Direction.EXPANDS), Direction.UNCLEAR),
        ((Direction.UNCLEAR,), Direction.UNCLEAR),
    ],
)
def test_a_direction_is_said_where_the_matches_agree(
    said: tuple[Direction, ...], expected: Direction
) -> None:
    """Where two filters disagree, none is believed."""
    matches = tuple(match(f"t{n}", direction=one) for n, one in enumerate(said))
    assert compose(change(), matches, ROUTING)[0].direction is expected
