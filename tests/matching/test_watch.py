"""Watch-lists: which items of a court belong to a case that is followed. All cases are made up."""

from __future__ import annotations

import pickle

import pytest

from monitor.errors import QueryError
from monitor.identifiers import docket
from monitor.matching import Filter, FilterSet, Subject, faults
from monitor.matching.watch import Watchlist, parties, read_case
from monitor.models import ItemType, Priority

WATCH = Watchlist(
    (
        "cand 3:25-cv-00101 City of Larch v. Noem",
        "ca9 25-3001 Noem v. City of Larch",
        "dcd 1:25-cv-00202 Friends of the Alder v. Department of Homeland Security",
        "mnd 0:25-cv-00303 United States v. State of Hazel",
        "txsd 4:25-cv-00404 Doe v. DHS",
        "njd 2:25-cv-00505 B.C.D. v. Trump",
        "nysd 1:25-cv-00606 Rowan Beech v. Lyons",
        "cadc 25-5001 In re Elm",
    )
)


def case_of(
    title: str,
    court: str = "",
    text: str = "",
    number: str = "",
    kind: ItemType = ItemType.DOCKET_CAPTION,
) -> str:
    """Name the watched case of an item, as `court number`; "" where there is none."""
    named = docket(court, number) if number else None
    subject = Subject((("title", title), ("text", text)), kind, court, (named,) if named else ())
    found = WATCH.find(subject)
    return f"{found.court.id} {found.number}" if found else ""


@pytest.mark.parametrize(
    ("title", "court"),
    [
        ("City of Larch v. Noem", "cand"),
        ("CITY OF LARCH et al v. NOEM et al", "cand"),
        ("City of Larch v. Mullin", "cand"),
        ("City of Larch, et al. vs. U.S. Department of Homeland Security", "cand"),
        ("City of Larch v. U.S. Immigration & Customs Enforcement (ICE)", "cand"),
        ("3:25-cv-00101-ABC City of Larch v. Noem \u2014 entry 12", "cand"),
        ("City of Larch v. Noem", "N.D. Cal."),
        ("City of Larch v. Noem", "District Court, N.D. California"),
        (
            "City of Larch v. Noem",
            "United States District Court for the Northern District of California",
        ),
        ("City of Larch v. Noem", ""),
    ],
)
def test_a_caption_is_known_however_the_clerk_writes_it(title: str, court: str) -> None:
    """Officers are replaced, "et al" comes and goes, and courts are named in many ways."""
    assert case_of(title, court) == "cand 3:25-cv-00101"


@pytest.mark.parametrize(
    ("title", "court", "expected"),
    [
        ("Noem v. City of Larch", "Supreme Court of the United States", "cand 3:25-cv-00101"),
        ("Noem v. City of Larch", "Court of Appeals for the Ninth Circuit", "cand 3:25-cv-00101"),
        ("Beech v. Homan", "nysd", "nysd 1:25-cv-00606"),
        ("B. C. D. v. Donald J. Trump", "njd", "njd 2:25-cv-00505"),
        ("United States of America v. Hazel", "mnd", "mnd 0:25-cv-00303"),
        ("In re: Elm", "cadc", "cadc 25-5001"),
    ],
)
def test_an_appeal_and_a_shorter_name_are_the_same_case(
    title: str, court: str, expected: str
) -> None:
    """Parties compare in either order, and a person with or without the first name."""
    assert case_of(title, court) == expected


@pytest.mark.parametrize(
    ("title", "court"),
    [
        ("City of Larch v. Noem", "dcd"),
        ("City of Larch v. Noem", "ca1"),
        ("City of Larch v. Noem", "United States Court of International Trade"),
        ("Larch v. Noem", "cand"),
        ("State of Larch v. Noem", "cand"),
        ("City of Larch v. Bondi", "cand"),
        ("Doe v. Noem", "mad"),
        ("Doe v. Noem", "scotus"),
        ("United States v. Rowan", "mnd"),
        ("City of Larch", "cand"),
        ("", "cand"),
    ],
)
def test_a_like_caption_elsewhere_is_another_case(title: str, court: str) -> None:
    """Another district, another party, or nobody in particular: no keyword, no alert."""
    assert case_of(title, court) == ""


def test_the_number_decides_where_there_is_one() -> None:
    """The same parties sue each other twice; only one of the two cases is followed."""
    same = "United States v. Hazel"
    assert case_of(same, "mnd", number="0:25-cv-00303") == "mnd 0:25-cv-00303"
    assert case_of(same, "mnd", number="0:25-cv-00304") == ""
    assert case_of(same, "mnd", text="Docket: 0:25-cv-00304 Filed: Monday") == ""
    assert case_of("Motion", "mnd", text="Case No. 25-cv-303") == "mnd 0:25-cv-00303"


def test_the_same_number_in_another_district_is_another_case() -> None:
    """Every district counts from one."""
    assert case_of("Fir v. Spruce", "cand", number="1:25-cv-00202") == ""
    assert case_of("Fir v. Spruce", "dcd", number="1:25-cv-00202") == "dcd 1:25-cv-00202"


def test_an_appellate_number_counts_in_its_court_only() -> None:
    """25-3001 may be anything in the text of a district's docket."""
    assert case_of("Order, 25-3001", "ca9", kind=ItemType.DOCKET_ENTRY) == "ca9 25-3001"
    assert case_of("Order, 25-3001", "nysd", kind=ItemType.DOCKET_ENTRY) == ""


def test_only_items_of_courts_are_looked_up() -> None:
    """A headline that quotes a caption has its own filters."""
    assert case_of("City of Larch v. Noem", "cand", kind=ItemType.NEWS) == ""


@pytest.mark.parametrize(
    ("line", "said", "column"),
    [
        ("cand", "write court, number and caption", 0),
        ("atlantis 1:25-cv-00001 A v. B", "'atlantis' is no court's", 0),
        ("cand soon A v. B", "'soon' is no docket number", 5),
    ],
)
def test_a_line_that_cannot_be_read_names_its_fault(line: str, said: str, column: int) -> None:
    """The configuration shows it with the place."""
    with pytest.raises(QueryError) as fault:
        read_case(line)
    assert said in fault.value.message
    assert fault.value.column == column


def test_parties_of_a_caption_without_two_sides_are_none() -> None:
    """So nothing can be mistaken for it."""
    assert parties("Notice of Appeal") == ()
    assert parties(" v. Noem") == ()


FOLLOWED = Filter(
    topic="cases",
    title="Cases",
    watch=("dcd 1:25-cv-00202 Friends of the Alder v. Noem",),
    priority=Priority.HIGH,
)
ENTRY = Subject(
    (("title", "Friends of the Alder v. Noem"), ("text", "ORDER granting 7 Motion to Stay.")),
    ItemType.DOCKET_ENTRY,
    "dcd",
)


def test_a_filter_with_a_watch_list_needs_no_query() -> None:
    """The item matches at full strength, and its title is shown."""
    (match,) = FilterSet((FOLLOWED,)).match_subject(ENTRY)
    assert match.priority is Priority.HIGH
    assert [passage.text for passage in match.passages] == ["Friends of the Alder v. Noem"]
    assert faults(FOLLOWED) == ()


def test_the_explanation_names_the_case() -> None:
    """Else nobody would know why an entry without a word of immigration was told."""
    (said,) = FilterSet((FOLLOWED,)).explain_subject(ENTRY)
    assert any("dcd 1:25-cv-00202" in line for line in said.found)


def test_a_watch_list_survives_pickling() -> None:
    """Filters travel to processes and workers."""
    copy = pickle.loads(pickle.dumps(FilterSet((FOLLOWED,))))  # noqa: S301 - our own bytes
    assert copy.match_subject(ENTRY)


def test_a_fault_of_the_watch_list_is_a_fault_of_the_filter() -> None:
    """`monitor check` reports it like a query that cannot be read."""
    broken = Filter(
        topic="cases", title="Cases", watch=("dcd 1:25-cv-1 A v. B", "nowhere 1 A v. B")
    )
    assert [fault.field for fault in faults(broken)] == ["watch[1]"]
