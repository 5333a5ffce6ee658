"""News: outlets that tell one event are joined, look-alikes stay apart; headlines are made up."""

from __future__ import annotations

import pytest

from monitor.matters.likeness import Relation, conflict, judge, keys
from monitor.models import ItemType
from tests.matters.likeness_items import item, news

ONE_EVENT = (
    (
        "Judge bars ICE from arresting peaceful protesters in Minnesota",
        "Federal judge blocks immigration agents from detaining peaceful Minnesota protesters",
    ),
    (
        "Mayor Ortega, Gov. Lund subpoenaed in federal probe of immigration response",
        "DOJ subpoenas Gov. Lund, Mayor Ortega in immigration investigation",
    ),
    (
        "Patrol commander Adam Kessler to leave Minneapolis",
        "Kessler leaving Minneapolis, sources say",
    ),
    (
        "Medical examiner rules Minneapolis ICE shooting death a homicide",
        "Death of woman shot by ICE officer in Minneapolis ruled a homicide",
    ),
    (
        "New Mexico Senate approves ban on ICE detention contracts",
        "Ban on immigrant detention contracts passes New Mexico Senate",
    ),
    (
        "Baltimore council bans private detention centers",
        "Baltimore City Council approves ban on private immigration detention centers",
    ),
    (
        "Dane County rejects jail contract with ICE",
        "Dane County Board votes down ICE jail contract",
    ),
    (
        "School bus driver in St. Paul detained by immigration agents",
        "ICE detains St. Paul school bus driver",
    ),
    (
        "Live updates: Federal authorities announce end to Oregon immigration crackdown",
        "Immigration surge in Oregon to end, authorities announceBy Jo Marsh, Associated Press",
    ),
)
TWO_EVENTS = (
    (
        "ICE agents arrest 12 workers at Worthington meat plant",
        "ICE agents arrest 9 workers at Worthington meat plant",
    ),
    (
        "Minneapolis City Council votes to bar ICE from city parking lots",
        "St. Paul City Council votes to bar ICE from city parking lots",
    ),
    (
        "Federal judge blocks ICE arrests at Minnesota courthouses",
        "Federal judge blocks ICE from using tear gas on Minnesota protesters",
    ),
    (
        "Man shot by ICE officer in north Minneapolis",
        "Woman shot by ICE officer in north Minneapolis",
    ),
    (
        "Minnesota House passes bill to ban masks for ICE agents",
        "Minnesota Senate passes bill to ban masks for ICE agents",
    ),
    (
        "House committee advances sanctuary city penalties",
        "House committee advances ICE mask ban",
    ),
    (
        "Federal appeals court weighs ICE tactics order in Minnesota",
        "Federal judge weighs ICE tactics order in Minnesota",
    ),
    (
        "Sheriff signs 287(g) agreement with ICE in Freeborn County",
        "Sheriff signs 287(g) agreement with ICE in Crow Wing County",
    ),
    (
        "DHS says 3,000 arrested in Minnesota operation",
        "DHS says 4,000 arrested in Minnesota operation",
    ),
    (
        "Minnesota sues Trump administration over immigration surge",
        "Judge denies Minnesota's bid to end immigration surge",
    ),
    (
        "Governor signs bill limiting ICE access to hospitals",
        "Governor vetoes bill limiting ICE access to hospitals",
    ),
    (
        "Federal judge extends order on ICE courthouse arrests",
        "Federal judge lifts order on ICE courthouse arrests",
    ),
    (
        "Man pleads guilty to assaulting ICE officer in St. Paul",
        "Man sentenced for assaulting ICE officer in St. Paul",
    ),
    (
        "County board approves ICE detention contract",
        "County board rejects ICE detention contract",
    ),
    (
        "Second lawsuit filed over ICE shooting in Minneapolis",
        "Third lawsuit filed over ICE shooting in Minneapolis",
    ),
    (
        "Attorney General Reyes sues over immigration conditions on transportation grants",
        "Attorney General Reyes sues over immigration conditions on crime victim grants",
    ),
    (
        "ICE detainee dies at Texas facility",
        "ICE detainee dies at Georgia facility",
    ),
    (
        "Supreme Court to hear birthright citizenship case",
        "Supreme Court to hear asylum metering case",
    ),
    (
        "Florida Man Pleads Guilty to Biofuel Fraud Conspiracy",
        "Florida Man Pleads Guilty to Tax Fraud Conspiracy",
    ),
    (
        "Opinion: Why the immigration crackdown in Oregon must end now",
        "Immigration crackdown in Oregon must end now, judge rules",
    ),
)


@pytest.mark.parametrize(("one", "other"), ONE_EVENT)
def test_two_outlets_that_tell_one_event_are_joined(one: str, other: str) -> None:
    """Other words in another order, a day apart: one story, found by a key and said why."""
    first, second = news(one), news(other, outlet="two", day=1)
    found = judge(second, first)
    assert found is not None
    assert found.relation is Relation.SAME
    assert "1 day apart" in found.reason
    assert set(keys(first)) & set(keys(second))
    assert not conflict(first, second)


@pytest.mark.parametrize(("one", "other"), TWO_EVENTS)
def test_look_alike_events_stay_apart(one: str, other: str) -> None:
    """Another number, place, person, step or thing in the same sentence: another story."""
    assert judge(news(one), news(other, outlet="two", day=1)) is None
    assert judge(news(other), news(one, outlet="two", day=1)) is None


@pytest.mark.parametrize(("one", "other"), [*ONE_EVENT, *TWO_EVENTS])
def test_the_order_of_arrival_does_not_matter(one: str, other: str) -> None:
    """`judge` and `conflict` are symmetric."""
    first, second = news(one), news(other, outlet="two", day=1)
    assert judge(first, second) == judge(second, first)
    assert bool(conflict(first, second)) == bool(conflict(second, first))


def test_the_same_words_a_season_later_are_another_event() -> None:
    """An event is told within days; a month later the same words tell the next one."""
    title = "Dane County rejects jail contract with ICE"
    assert judge(news(title), news(title, outlet="two", day=2)) is not None
    assert judge(news(title), news(title, outlet="two", day=60)) is None


def test_a_columns_own_title_comes_again_each_week() -> None:
    """An outlet's weekly headline, and a headline that says nothing, join no two weeks."""
    title = "Immigration roundup: the week in courts and councils of Springfield"
    assert judge(news(title), news(title, day=7)) is None
    empty = "What you need to know today about the news"
    assert judge(news(empty), news(empty, outlet="two", day=3)) is None


def test_a_bare_month_stands_for_any_of_its_days() -> None:
    """A story dated "March" may be of the 28th: its first midnight is no day."""
    bare = news("Dane County rejects jail contract with ICE", day=-9)
    late = news("Dane County Board votes down ICE jail contract", outlet="two", day=18)
    assert bare.published is not None
    assert (bare.published.day, bare.published.hour) == (1, 0)
    assert judge(bare, late) is not None


def test_stories_without_dates_are_joined_only_by_their_very_words() -> None:
    """Without a date two like headlines of one outlet are not enough; the same headline is."""
    one = news("OCDA issues custodial death report - Pat Moss", day=None)
    other = news("OCDA issues custodial death report - Lee Grant", day=None)
    assert judge(one, other) is None
    again = news("OCDA issues custodial death report - Pat Moss", outlet="two", day=None)
    assert judge(one, again) is not None


def test_a_syndicated_text_is_known_under_any_headline() -> None:
    """Two papers print one agency's text under headlines that share nothing."""
    text = " ".join(f"word{number} of a long dispatch" for number in range(40))
    one = news("Standoff ends peacefully", text=text)
    other = news("Relief after tense night downtown", outlet="two", text=text)
    found = judge(one, other)
    assert found is not None
    assert "same text" in found.reason


def test_an_order_and_the_article_that_prints_it_are_one() -> None:
    """A newspaper's page holds the order's text: one address, one day, two types."""
    page = "https://news.example.org/mayor-signs-order-limiting-city-cooperation-with-ice.html"
    order = item(ItemType.EXECUTIVE_ORDER, "POLICY ON DETAINER REQUESTS", place="pa", url=page)
    story = item(ItemType.NEWS, "Mayor signs order limiting city cooperation", place="pa", url=page)
    later = item(ItemType.NEWS, "Mayor signs order limiting city cooperation", url=page, day=3)
    found = judge(story, order)
    assert found is not None
    assert found.relation is Relation.SAME
    assert judge(later, order) is None


def test_a_chain_of_like_stories_is_broken_by_a_conflict() -> None:
    """A is like B and B like C, while A and C name two cities: `conflict` says so."""
    one = news("Council in Minneapolis bars ICE from parking lots")
    other = news("Council in Chicago bars ICE from parking lots", outlet="two")
    assert "other places" in conflict(one, other)
