"""Los Angeles: council files from a watch list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.connectors.la_council_files import LaCouncilFiles
from monitor.errors import FormatError
from monitor.models import Poll
from tests.connectors.agenda_visit import NOW, answered, entries, recorded, refusals

WATCH = LaCouncilFiles(files=("26-0002-s9", "25-0002-S62", "26-0002-S9"))
POLL = Poll(now=NOW, timezone="America/Los_Angeles")
PAGE = recorded("la_council_files", "file.html")
ABOUT = ("26-0002-S9",)


def test_each_file_is_asked_for_once_and_the_first_one_must_answer() -> None:
    """A Clerk who answers nothing at all has not fallen silent."""
    first, second = WATCH.requests(POLL)
    assert first.url == (
        "https://cityclerk.lacity.org/lacityclerkconnect/index.cfm"
        "?fa=ccfi.viewrecord&cfnumber=26-0002-S9"
    )
    assert (first.optional, second.optional) == (False, True)


def test_a_file_is_read_and_needs_no_keyword() -> None:
    """It is on the list because somebody wants to hear of it."""
    [found] = entries(answered(WATCH, PAGE, "file", ABOUT, POLL)).values()
    assert found.key == "26-0002-S9"
    assert found.title.startswith("SB 1 (Person) / Example Act")
    assert found.watched == "council file 26-0002-S9 is on the watch list"
    assert found.published == datetime(2026, 10, 14, 7, tzinfo=UTC)
    assert found.office == "Rules, Elections and Intergovernmental Relations Committee"
    assert [one.value for one in found.identifiers] == ["26-0002-S9"]
    assert found.identifiers[0].scope.endswith("place:los_angeles")
    assert dict(found.noise) == {"mover": "A. PERSON", "last changed date": "11/20/2026"}
    assert found.facts == (("expiration date", "11/18/2028"),)


def test_the_status_is_what_was_done_last() -> None:
    """The activities are in no order, and one of them is ahead."""
    [found] = entries(answered(WATCH, PAGE, "file", ABOUT, POLL)).values()
    assert found.status == "11/18/2026: Rules Committee approved as amended."


def test_documents_are_linked() -> None:
    """Those in the Clerk's store, whatever else the page links to."""
    [found] = entries(answered(WATCH, PAGE, "file", ABOUT, POLL)).values()
    assert [(one.title, one.url.rpartition("/")[2]) for one in found.attachments] == [
        ("Resolution", "26-0002-S9_reso_10-14-26.pdf"),
        ("Community Impact Statement", "26-0002-S9_cis.pdf"),
    ]


def test_a_file_of_the_old_form_has_a_subject_alone() -> None:
    """Before 2009 there were no titles."""
    page = PAGE.replace(b">Title<", b">Subject<")
    [found] = entries(answered(WATCH, page, "file", ABOUT, POLL)).values()
    assert found.title.startswith("SB 1")
    assert found.body == ""


def test_an_unknown_number_is_refused_and_another_page_is_a_failure() -> None:
    """A typing error is the user's, a changed page the program's."""
    none = "<html><body><p>No records found.</p></body></html>"
    [refused] = refusals(answered(WATCH, none, "file", ABOUT, POLL))
    assert "no such file" in refused.why
    with pytest.raises(FormatError):
        answered(WATCH, "<html><body><p>Welcome</p></body></html>", "file", ABOUT, POLL)


@pytest.mark.parametrize("files", [(), ("2026-2",), ("CF 26-0002",)])
def test_numbers_are_checked(files: tuple[str, ...]) -> None:
    """A list that cannot be read is an error of the YAML."""
    with pytest.raises(ValidationError):
        LaCouncilFiles(files=files)


def test_a_files_page_is_recognised() -> None:
    """By its host and its number."""
    url = "https://cityclerk.lacity.org/lacityclerkconnect/index.cfm?cfnumber=22-0279&fa=x"
    assert LaCouncilFiles.recognise(url, "") == (("files", "22-0279"),)
    assert LaCouncilFiles.model_validate({"files": "22-0279"}).files == ("22-0279",)
    assert LaCouncilFiles.recognise("https://cityclerk.lacity.org/", "") is None
