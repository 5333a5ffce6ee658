"""Grouping as a store does it: one item after another, few candidates, no chains of conflicts."""

from __future__ import annotations

from monitor.matters.likeness import conflict, judge
from monitor.models import ItemType
from tests.matters.grouping import group
from tests.matters.likeness_items import bill, case, council, item, news

# Made up. The second story names no city: it is like the first and like the third.
MINNEAPOLIS = news("Minneapolis council bars ICE agents from parking lots and garages")
NOWHERE = news("Council bars ICE agents from parking lots and garages", outlet="two")
CHICAGO = news("Chicago council bars ICE agents from parking lots and garages", outlet="three")


def test_a_chain_does_not_join_what_contradicts_itself() -> None:
    """The middle story goes with the first that came; the two cities stay apart."""
    assert judge(MINNEAPOLIS, NOWHERE) is not None
    assert judge(NOWHERE, CHICAGO) is not None
    assert conflict(MINNEAPOLIS, CHICAGO)
    assert group([MINNEAPOLIS, NOWHERE, CHICAGO]) == [0, 0, 2]
    assert group([MINNEAPOLIS, CHICAGO, NOWHERE]) == [0, 1, 0]
    assert group([NOWHERE, CHICAGO, MINNEAPOLIS]) == [0, 0, 2]


def test_an_item_that_is_like_two_matters_joins_them_where_nothing_speaks_against_it() -> None:
    """A case listed by caption alone twice is one, once a record holds its number and caption."""
    text = "Docket No. 3:17-cv-00485"
    numbered = case("3:17-cv-00485 Reyes v. Trump", day=90)
    listed = case("Reyes v. Trump")
    both = case("Reyes v. Trump", text=text)
    assert group([numbered, listed, both]) == [0, 0, 0]
    assert group([numbered, listed, both], bridging=False).count(0) == 2


def test_items_of_many_families_get_matters_of_their_own() -> None:
    """Like words in a bill, a council's item, a row and a story join nothing."""
    title = "Prohibiting immigration enforcement in city-owned or operated spaces"
    mixed = [bill(f"HB 12: {title}"), council(title), item(ItemType.ROW, title), news(title)]
    assert group(mixed) == [0, 1, 2, 3]


def test_a_key_that_many_items_share_hides_no_newer_one() -> None:
    """Of a key that holds hundreds the newest are looked at, and of these the likest."""
    crowd = [
        council(f"{number}-0001: Condemning violence against newcomers here", day=-number)
        for number in range(10, 99)
    ]
    found = group([*crowd, council("98-0001: Another wording of the same file")])
    assert len(set(found)) == len(crowd)
    assert found[-1] == len(crowd) - 1
