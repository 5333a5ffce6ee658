"""The filters that the repository ships: whole, checked, and general. All texts are made up."""

from __future__ import annotations

import re

import pytest

from monitor.config import Config, failing_examples
from monitor.matching import Subject
from monitor.models import Direction, ItemType, Priority
from tests.filters.conftest import REPOSITORY
from tests.filters.labelled import alerts

PROMISED = {
    "sanctuary",
    "287g",
    "ice-enforcement",
    "detention",
    "funding-conditions",
    "litigation",
}


def told(
    shipped: Config, title: str, text: str = "", kind: ItemType = ItemType.COUNCIL_ITEM
) -> set[str]:
    """Name the topics that alert on a text."""
    subject = Subject((("title", title), ("text", text)), kind, "")
    return {match.topic for match in alerts(shipped.filters, subject)}


def test_every_example_holds(shipped: Config) -> None:
    """What `monitor check` tries."""
    assert failing_examples(shipped) == ()


def test_each_file_is_named_after_its_topic_and_shows_what_it_is_for(shipped: Config) -> None:
    """A volunteer looks for the topic in the folder, and for examples in the file."""
    files = {path.stem for path in (REPOSITORY / "filters").glob("[!_]*.yaml")}
    assert {one.topic for one in shipped.filters.filters} == files
    assert files >= PROMISED
    for one in shipped.filters.filters:
        assert one.examples_match, one.topic
        assert one.examples_reject, one.topic
    assert not [warning for warning in shipped.warnings if "filters/" in warning]


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("287g", "Consider ending the Sheriff's 287 (g) agreement"),
        ("287g", "An act relating to agreements between counties and ICE to enforce federal law"),
        ("sanctuary", "Oversight - the agency's compliance with sanctuary-related local laws"),
        ("sanctuary", "Providing that police officers shall not ask for immigration status"),
        ("detainers", "Ordinance on civil immigration detainers at the county jail"),
        ("property", "Barring federal immigration staging from municipal parking lots"),
        ("masks", "Report on masked federal agents in the downtown area"),
        ("detention", "Twelve-month moratorium on detention centers"),
        ("detention", "Update on the IGSA and the number of ICE detainees"),
        ("data-sharing", "Rules on license plate reader data requested by federal agencies"),
        ("sensitive-locations", "Keep civil arrests out of courthouses"),
        ("funding-conditions", "Reject immigration conditions on transportation grants"),
        ("federal-operations", "Mayor condemns federal raids at day-labor corners"),
        ("removal-law", "Urging Congress to end expedited removal"),
        ("legal-defense", "Extend the immigrant legal defense fund for a year"),
        ("oversight", "Schedule the yearly TRUTH Act forum"),
        ("named-acts", "Resolution in support of the New York for All Act (S.1/A.1)"),
        ("spanish", "Redadas en el condado: vecinos piden una ley santuario"),
    ],
)
def test_a_topic_is_found_in_other_words_than_its_examples(
    shipped: Config, topic: str, title: str
) -> None:
    """Rules, not titles."""
    assert topic in told(shipped, title)


@pytest.mark.parametrize(
    "title",
    [
        "Removal of snow, ice and leaves from bus stops",
        "ICE CREAM SOCIAL AT THE SENIOR CENTER",
        "DESIGNATE THE ICE AGE PATH AS A COUNTY TRAIL",
        "Contract for the Boys of ICE after-school hockey",
        "Report by the Institution of Civil Engineers (ICE) on bridges",
        "Self-Regulatory Organizations; ICE Clear Nowhere LLC; Notice",
        "Nominating the bay as a National Marine Sanctuary",
        "Declaring the county a Second Amendment sanctuary",
        "Grants: National Marine Sanctuary center, and the museum of immigration",
        "Declaring the county a sanctuary county for transgender people",
        "Roof replacement at the county detention center",
        "Storm-water detention basin easement",
        "Right to counsel in unlawful detainer cases",
        "Rescinding the mask mandate",
        "Raid on a gambling house; three arrested",
        "Ordinance 287 (G) amending the zoning map",
        "Bill 287: dog licenses",
        "Removal of derelict vehicles",
        "Remembering the genocide and the deportation of a people in 1915",
        "Resoluci\u00f3n sobre el centro deportivo",
        "Trust indenture for water revenue bonds",
        "Honoring the immigrant cooks of our town",
    ],
)
def test_a_word_in_another_sense_alerts_nobody(shipped: Config, title: str) -> None:
    """The traps that other people's systems fell into."""
    assert told(shipped, title) == set()


def test_an_exclusion_hides_nothing_beside_it(shipped: Config) -> None:
    """Snow and ice in one clause, 287(g) in the next."""
    assert "287g" in told(shipped, "Snow and ice report; also the 287(g) agreement")


def test_a_letterhead_that_a_scanner_misread_is_no_acronym(shipped: Config) -> None:
    """OFFICE with a loop in each F."""
    head = 'THE TOWN OF ELM\n0F"F"ICE OF" THE MAYOR\nExecutive Order 9: fees of landlords'
    assert told(shipped, "Executive Order 9", head, ItemType.EXECUTIVE_ORDER) == set()


def test_a_committee_name_is_not_what_it_hears(shipped: Config) -> None:
    """Every file of the committee would match."""
    title = "Civil Rights, Equity, Immigration, Aging and Disability Committee report on ramps"
    assert told(shipped, title, kind=ItemType.AGENDA_ITEM) == set()


def test_a_press_release_is_judged_by_its_headline(shipped: Config) -> None:
    """A prosecutor's last paragraph says that the accused has an immigration hold."""
    charged = "Man charged with burglary of a bakery"
    hold = "He was arrested on Monday.\nHe is held on an Immigration and Customs Enforcement hold."
    assert told(shipped, charged, hold, ItemType.PRESS_RELEASE) == set()
    posed = "Man charged with posing as an immigration agent"
    story = "He told an immigrant that ICE agents would raid the shop and deport her."
    assert told(shipped, posed, story, ItemType.PRESS_RELEASE) == set()
    sued = "Attorney General sues over immigration conditions on grants"
    assert "funding-conditions" in told(shipped, sued, "", ItemType.PRESS_RELEASE)
    late = "A new bakery opens.\n" + "It is a fine bakery. " * 40 + "ICE was there on Monday."
    assert told(shipped, "Mayor visits a bakery", late, ItemType.PRESS_RELEASE) == set()


def test_the_federal_register_is_judged_more_strictly(shipped: Config) -> None:
    """It speaks of ICE all day, in paperwork."""
    form = "Agency Information Collection Activities; Immigration Bond"
    words = "U.S. Immigration and Customs Enforcement will submit the form for review."
    assert told(shipped, form, words, ItemType.FEDERAL_REGISTER) == set()
    rule = "Designating Certain Aliens for Expedited Removal"
    assert told(shipped, rule, "", ItemType.FEDERAL_REGISTER) == {"federal-rules"}


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Town of Alder v. Noem", {"litigation"}),
        ("County of Beech et al v. Department of Homeland Security", {"litigation"}),
        ("United States v. City of Larch", {"litigation"}),
        ("Alder Coalition for Rights v. Lyons", {"litigation"}),
        ("Beech v. Noem", set()),
        ("State of Alder v. Trump", set()),
        ("American Federation of Government Employees v. Noem", set()),
        ("Beech v. United States Citizenship and Immigration Services", set()),
        ("Intercontinental Larch, Inc. v. Beech", set()),
    ],
)
def test_new_cases_are_told_by_party_pairs(shipped: Config, title: str, topics: set[str]) -> None:
    """A government against a federal immigration officer alerts; a single petitioner does not."""
    assert told(shipped, title, kind=ItemType.DOCKET_CAPTION) == topics


def test_single_petitioners_are_kept_for_the_digest(shipped: Config) -> None:
    """Thousands sue; one of them may be the next case to follow."""
    item = Subject((("title", "Beech v. Noem"), ("text", "")), ItemType.DOCKET_CAPTION, "cand")
    (match,) = shipped.filters.match_subject(item)
    assert (match.topic, match.priority) == ("new-cases", Priority.LOW)


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("Ordinance prohibiting the use of city property for immigration enforcement", "limits"),
        ("Moratorium on new immigration detention centers", "limits"),
        ("Resolution to end the county's 287(g) agreement", "limits"),
        ("Local government: sanctuary policy prohibition act; create", "expands"),
        ("Repeal the chapter on persons not to be detained and immigration enforcement", "expands"),
        ("Authorize the sheriff to sign a 287(g) agreement", "expands"),
        ("Requiring local entities to enforce immigration laws", "expands"),
    ],
)
def test_the_direction_is_told_by_cues(shipped: Config, title: str, direction: str) -> None:
    """Both directions are reported, and told apart."""
    subject = Subject((("title", title), ("text", "")), ItemType.COUNCIL_ITEM, "")
    said = {match.direction for match in alerts(shipped.filters, subject)}
    assert said - {Direction.UNCLEAR} == {Direction(direction)}


def test_no_two_lines_of_the_watch_list_are_the_same_case(shipped: Config) -> None:
    """A number stands once in a court."""
    (cases,) = (one for one in shipped.filters.filters if one.topic == "litigation")
    named = [" ".join(line.split()[:2]) for line in cases.watch]
    assert len(named) == len(set(named)) > 100
    assert all(re.fullmatch(r"[a-z0-9]+ [0-9A-Za-z:-]+", name) for name in named)
