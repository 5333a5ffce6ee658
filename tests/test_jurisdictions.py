"""Jurisdictions: short forms, division ids, courts, what covers what, and zones."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.jurisdictions import (
    CourtKind,
    Feed,
    court,
    courts,
    covers,
    label,
    ocd,
    short,
    state_of,
    suggestion,
    timezone_of,
)

SHORT_FORMS = {
    "us": "ocd-division/country:us",
    "ny": "ocd-division/country:us/state:ny",
    "dc": "ocd-division/country:us/district:dc",
    "pr": "ocd-division/country:us/territory:pr",
    "ny/new_york": "ocd-division/country:us/state:ny/place:new_york",
    "ny/county:kings": "ocd-division/country:us/state:ny/county:kings",
    "la/parish:orleans": "ocd-division/country:us/state:la/parish:orleans",
    "dc/washington": "ocd-division/country:us/district:dc/place:washington",
    "il/school_district:chicago_public_schools": (
        "ocd-division/country:us/state:il/school_district:chicago_public_schools"
    ),
    "ny/new_york/council_district:1": (
        "ocd-division/country:us/state:ny/place:new_york/council_district:1"
    ),
    "cand": "cand",
    "scotus": "scotus",
}


@pytest.mark.parametrize(("written", "division"), SHORT_FORMS.items())
def test_a_short_form_and_its_division_id_turn_into_each_other(written: str, division: str) -> None:
    """Short forms and ids are two spellings of one thing."""
    assert ocd(written) == division
    assert ocd(division) == division
    assert short(division) == written


def test_spelling_variants_have_one_normal_form() -> None:
    """Capitals, blanks, and the id of the government instead of the division do not matter."""
    normal = "ocd-division/country:us/state:ny/place:new_york"
    assert ocd(" NY/New_York ") == normal
    assert ocd("ocd-jurisdiction/country:us/state:ny/place:new_york/government") == normal
    assert ocd("country:us") == "ocd-division/country:us"
    assert ocd("CAND") == "cand"


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        ("", "empty"),
        ("xx", "unknown jurisdiction 'xx'"),
        ("California", "did you mean 'ca'?"),
        ("New York, NY", "did you mean 'ny/new_york'?"),
        ("Cook County, IL", "did you mean 'il/county:cook'?"),
        ("sdny", "did you mean 'nysd'?"),
        ("N.D. Cal.", "did you mean 'cand'?"),
        ("ca9x", "did you mean 'ca9'?"),
        ("ny/count:kings", "did you mean 'county:kings'?"),
        ("ny/kings county", "did you mean 'kings_county'?"),
        ("ny/county:kings county", "did you mean 'kings'?"),
        ("la/county:orleans", "write la/parish:orleans"),
        ("ak/county:kodiak", "write ak/borough:kodiak"),
        ("ny/new_york/1", "no part of a division id"),
        ("ny//x", "not how division ids are spelled"),
    ],
)
def test_a_wrong_jurisdiction_is_refused_with_its_cure(wrong: str, cure: str) -> None:
    """Whoever wrote it learns what to write instead."""
    with pytest.raises(ValueError, match=re.escape(cure)):
        ocd(wrong)


@given(st.text(max_size=40))
def test_any_text_is_either_normal_or_refused(text: str) -> None:
    """Nothing but ValueError comes out, what is accepted is stable, and guesses are usable."""
    try:
        normal = ocd(text)
    except ValueError:
        guess = suggestion(text)
        assert not guess or "," in text or ocd(guess)
    else:
        assert ocd(normal) == normal
        assert ocd(short(normal)) == normal
        assert label(normal)


def test_every_guess_from_a_name_is_accepted() -> None:
    """A guess that is refused in turn would be no help."""
    for name in ("St. Paul, MN", "O'Fallon, MO", "Orleans Parish, LA", "New York City, New York"):
        assert ocd(suggestion(name)).startswith("ocd-division/country:us/state:")
    assert suggestion("St. Paul, MN") == "mn/st_paul"
    assert suggestion("O'Fallon, MO") == "mo/o~fallon"
    assert suggestion("New York City, New York") == "ny/new_york"
    assert suggestion("Springfield, XX") == ""


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("us", "United States"),
        ("ny", "New York"),
        ("ny/new_york", "New York City, NY"),
        ("ny/county:kings", "Kings County, NY"),
        ("la/parish:orleans", "Orleans Parish, LA"),
        ("md/county:prince_george~s", "Prince George's County, MD"),
        ("id/coeur_d~alene", "Coeur d'Alene, ID"),
        ("mo/o~fallon", "O'Fallon, MO"),
        ("mn/st_paul", "St. Paul, MN"),
        ("nc/winston-salem", "Winston-Salem, NC"),
        ("ny/county:st_lawrence", "St. Lawrence County, NY"),
        ("mn/lake_of_the_woods", "Lake of the Woods, MN"),
        ("il/school_district:chicago_public_schools", "Chicago Public Schools, IL"),
        ("ca/school_district:oakland_unified", "Oakland Unified School District, CA"),
        ("ny/new_york/council_district:1", "Council District 1, New York City, NY"),
        ("ny/cd:12", "Congressional District 12, NY"),
        ("cand", "N.D. Cal."),
        ("dcd", "D.D.C."),
        ("nysd", "S.D.N.Y."),
        ("ca9", "9th Cir."),
    ],
)
def test_a_jurisdiction_is_named_for_people(written: str, spoken: str) -> None:
    """Labels read as people write them."""
    assert label(ocd(written)) == spoken


def test_an_unknown_jurisdiction_is_its_own_label() -> None:
    """What a publisher says is shown as it is, never lost."""
    assert label("Gotham") == "Gotham"
    assert label("ocd-division/country:us/state:xx/place:foo") == "Foo, XX"
    assert label("ocd-division/country:us/state:xx") == "XX"
    assert short("Gotham") == "Gotham"


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("us", "ny/new_york", True),
        ("us", "cand", True),
        ("us", "ca9", True),
        ("us", "scotus", True),
        ("us", "us", True),
        ("ny", "ny/new_york", True),
        ("ny", "ny", True),
        ("ny", "nyed", True),
        ("ny", "nysb", True),
        ("ny", "cand", False),
        ("ny", "ca2", False),
        ("ny", "us", False),
        ("ny", "nm", False),
        ("ny/new_york", "ny/new_york/council_district:1", True),
        ("ny/new_york", "ny/county:kings", False),
        ("ny/new_york", "nysd", False),
        ("ny/york", "ny/yorktown", False),
        ("ca9", "cand", False),
        ("cand", "cand", True),
        ("", "ny", False),
        ("ny", "", False),
        ("us", "Gotham", False),
        ("Gotham", "Gotham", True),
    ],
)
def test_a_state_covers_its_places_and_the_courts_that_sit_in_it(
    outer: str, inner: str, holds: bool
) -> None:
    """Routes go by this: a place, its parts, and the federal trial courts in a state."""
    assert covers(outer, inner) is holds


def test_there_are_94_district_courts_and_the_courts_above_and_beside_them() -> None:
    """28 U.S.C. 81-131 and the territories' courts; twelve regional circuits and the Federal."""
    kinds = Counter(found.kind for found in courts().values())
    assert kinds[CourtKind.DISTRICT] == 94
    assert kinds[CourtKind.BANKRUPTCY] == 94
    assert kinds[CourtKind.APPELLATE] == 13
    assert kinds[CourtKind.SUPREME] == 1


def test_every_state_and_territory_but_samoa_has_a_district_court() -> None:
    """And no district court sits in more than one of them."""
    states = Counter(
        state for c in courts().values() if c.kind is CourtKind.DISTRICT for state in c.states
    )
    assert len(states) == 55
    assert sum(states.values()) == 94
    assert {"ca", "ny", "tx"} == {state for state, count in states.items() if count == 4}


def test_every_state_lies_in_exactly_one_circuit() -> None:
    """28 U.S.C. 41; the Federal Circuit has none of its own."""
    circuits = Counter(
        state for c in courts().values() if c.kind is CourtKind.APPELLATE for state in c.states
    )
    districts = {
        state for c in courts().values() if c.kind is CourtKind.DISTRICT for state in c.states
    }
    assert set(circuits) == districts
    assert set(circuits.values()) == {1}


def test_every_zone_of_a_court_or_state_exists() -> None:
    """A zone that Python does not know would stop a poll."""
    for found in courts().values():
        assert ZoneInfo(found.timezone)
        for state in found.states:
            assert ZoneInfo(timezone_of(state))


def test_a_court_is_found_by_either_id() -> None:
    """Three courts have another id at PACER than at CourtListener; arb is Arizona's."""
    for pacer, listed in (("azb", "arb"), ("neb", "nebraskab"), ("cofc", "uscfc")):
        found = court(pacer)
        assert found is not None
        assert found.id == listed
        assert found.pacer == pacer
        assert court(listed) == found
    assert court("nope") is None


def test_a_court_knows_what_its_pacer_feed_carries() -> None:
    """All entries, some types, none, or nobody knows."""
    feeds = {key: court(key) for key in ("cand", "mnd", "mdd", "wvsd")}
    assert [found.feed for found in feeds.values() if found] == [
        Feed.ALL,
        Feed.PARTIAL,
        Feed.NONE,
        Feed.UNKNOWN,
    ]
    minnesota = feeds["mnd"]
    assert minnesota is not None
    assert minnesota.entries == ("order", "order-cr")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("cand", "https://ecf.cand.uscourts.gov/cgi-bin/rss_outside.pl"),
        ("nyed", "https://ecf.nyed.uscourts.gov/cgi-bin/readyDockets.pl"),
        ("ared", "https://ecf.ared.uscourts.gov/cgi-bin/rss_outside4.pl"),
        ("arb", "https://ecf.azb.uscourts.gov/cgi-bin/rss_outside.pl"),
        (
            "ca2",
            "https://ecf.ca2.uscourts.gov/n/beam/servlet/TransportRoom?servlet=RSSGenerator",
        ),
        ("mdd", ""),
        ("ca9", ""),
        ("scotus", ""),
    ],
)
def test_a_court_says_where_its_feed_is(name: str, url: str) -> None:
    """Two district courts keep it at an unusual place; the appellate courts have their own."""
    found = court(name)
    assert found is not None
    assert found.feed_url == url


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("us", "America/New_York"),
        ("ny/new_york", "America/New_York"),
        ("ca/los_angeles", "America/Los_Angeles"),
        ("az/phoenix", "America/Phoenix"),
        ("in/indianapolis", "America/Indiana/Indianapolis"),
        ("in/gary", "America/Chicago"),
        ("tx/el_paso", "America/Denver"),
        ("tx/el_paso/council_district:2", "America/Denver"),
        ("tx/houston", "America/Chicago"),
        ("tn/knoxville", "America/New_York"),
        ("tned", "America/New_York"),
        ("tnmd", "America/Chicago"),
        ("gud", "Pacific/Guam"),
        ("Gotham", "America/New_York"),
    ],
)
def test_a_jurisdiction_keeps_its_own_time(written: str, zone: str) -> None:
    """Publishers print local times without a zone."""
    assert timezone_of(written) == zone


def test_a_jurisdiction_knows_its_state() -> None:
    """A trial court's too; the country and an appellate court are in none."""
    assert [state_of(place) for place in ("ny/new_york", "nysd", "dc", "us", "ca9", "Gotham")] == [
        "ny",
        "ny",
        "dc",
        "",
        "",
        "",
    ]


def test_a_court_travels_to_a_worker() -> None:
    """Values are picklable."""
    assert pickle.loads(pickle.dumps(court("cand"))) == court("cand")  # noqa: S301 - our own bytes
