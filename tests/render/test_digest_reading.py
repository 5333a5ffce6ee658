"""What a tired reader gets of a digest: nothing twice, and no wall of lines."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import load
from monitor.models import (
    Coming,
    Digest,
    DigestMatter,
    ItemType,
    Section,
    Stage,
    Subscriber,
    Turn,
    TurnKind,
)
from monitor.render.digest_fit import MOST_BYTES
from monitor.render.digest_html import render_html
from monitor.render.digest_text import render_text
from monitor.render.digest_values import NO_LINKS, Links
from monitor.render.tongue import SPANISH as SPANISH_TONGUE
from tests.render.digests import (
    ACT,
    AGREEMENT,
    HEARING,
    MOVING,
    NEW,
    NYC,
    PLANNED,
    SPANISH,
    WON,
    flood,
    full_week,
)

ROOT = Path(__file__).resolve().parents[2]
PAPERS = replace(
    AGREEMENT,
    happened=("Documents changed",),
    turns=(Turn(TurnKind.DOCUMENTS),),
    url="https://x.y/l",
)


def said(
    digest: Digest, subscriber: Subscriber | None = None, links: Links = NO_LINKS
) -> tuple[str, str]:
    """Read the text and the page, each on one line."""
    page = render_html(digest, subscriber, links).html
    plain = re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(render_text(digest, subscriber, links).split()), " ".join(plain.split())


def week(*matters: DigestMatter, **fields: object) -> Digest:
    """Make a week of these matters alone."""
    made = replace(full_week(), matters=matters, coming=())
    return replace(made, **fields)  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------- agreements


def test_an_agreement_is_one_line_with_what_happened() -> None:
    """Not its passage and its filter: they are the same for every one."""
    ended = replace(
        AGREEMENT,
        title="City of Example — Jail Enforcement Model",
        happened=("Terminated (“no longer listed”)",),
        turns=(Turn(TurnKind.STAGE, stage=Stage.TERMINATED, new="no longer listed"),),
    )
    text, _ = said(week(AGREEMENT, ended))
    assert "Sheriff's Office — Task Force Model · New agreement *" in text
    assert "Terminated (“no longer listed”)" in text
    assert "Source: ICE list" not in text
    assert "1 agreement added · 1 agreement ended" in text


def test_agreements_of_which_only_papers_changed_are_counted_beyond_five() -> None:
    """A hundred of them would hide those that were added."""
    many = tuple(replace(PAPERS, matter=n, title=f"County {n}") for n in range(100))
    for told in said(week(AGREEMENT, *many)):
        assert "Task Force Model" in told
        assert "County 4 " in told
        assert "County 5 " not in told
        assert "95 more, with lesser changes." in told
        assert "do not fit" not in told


def test_an_address_that_agreements_share_stands_once() -> None:
    """Below them: forty links to one list are a wall."""
    digest = week(*[replace(PAPERS, title=f"County {n}") for n in range(4)])
    for told in (render_text(digest, None), render_html(digest, None).html):
        assert told.count("https://x.y/l") == 1
        assert told.index("County 3") < told.index("https://x.y/l")
    other = week(PAPERS, replace(PAPERS, url="https://x.y/other"))
    for told in (render_text(other, None), render_html(other, None).html):
        assert told.count("https://x.y/l") == told.count("https://x.y/other") == 1


def test_without_agreements_that_came_or_went_the_lead_says_that_they_changed() -> None:
    """It never says that 110 were added."""
    assert "1 agreement changed" in said(week(PAPERS))[0]
    assert "2 acuerdos modificados" in said(week(PAPERS, PAPERS), SPANISH)[0]


# --------------------------------------------------------------------------------- nothing twice


def test_dates_that_stand_with_their_matter_are_not_listed_again() -> None:
    """Below stand those of matters without news."""
    again = Coming(ACT.matter, ACT.title, HEARING, NYC)
    for told in said(week(ACT, coming=(again, PLANNED[1]))):
        assert told.count("250 Broadway") == 1
        assert "HB 77" in told
    for told in said(week(ACT, coming=(again,))):
        assert "also planned" not in told.casefold()


def test_a_section_of_new_matters_does_not_say_of_each_that_it_is_new() -> None:
    """Elsewhere it is said."""
    new = replace(NEW, type=ItemType.BILL, happened=("New bill",), turns=(Turn(TurnKind.NEW),))
    for reader, words in ((None, "New bill"), (SPANISH, "Nuevo proyecto de ley")):
        assert words not in said(week(new), reader)[0]
        assert words in said(week(replace(new, section=Section.SUITS)), reader)[0]


def test_that_a_hearing_is_set_is_said_by_its_date() -> None:
    """A date stands right below."""
    told = said(week(replace(ACT, happened=(), turns=())))[0]
    assert "Hearing: Tue, Nov 24" in told
    assert "Hearing set" not in told
    assert "Hearing set" in said(week(replace(ACT, happened=(), turns=(), hearings=())))[0]


def test_the_publishers_word_for_a_stage_is_not_said_beside_the_same_word() -> None:
    """Neither in English nor in Spanish; another one is quoted."""
    same = replace(WON, turns=(Turn(TurnKind.STAGE, stage=Stage.FAILED, new="Failed"),))
    assert "Rechazado." in said(week(same), SPANISH)[0]
    other = replace(WON, turns=(Turn(TurnKind.STAGE, stage=Stage.FAILED, new="Died"),))
    assert "Rechazado («Died»)." in said(week(other), SPANISH)[0]


def test_two_filters_say_why() -> None:
    """The weightiest; six of them are a wall of words."""
    matter = replace(MOVING, reasons=("First", "Second", "Third", "Fourth", "Fifth"))
    for told in said(week(matter)):
        assert "First, Second · Source" in told
        assert "Third" not in told
        assert "and 1 more" not in told


# -------------------------------------------------------------------------------------- Spanish


def test_the_titles_of_shipped_filters_have_spanish() -> None:
    """Why a matter stands there is not said in English to who reads Spanish."""
    for one in load(ROOT).filters.filters:
        assert one.title == "En español" or SPANISH_TONGUE.say_known(one.title) != one.title


# ------------------------------------------------------------------------------- other scripts


@pytest.mark.parametrize("section", [Section.ACT, Section.AGREEMENTS, Section.WATCHING])
def test_a_title_from_right_to_left_turns_nothing_else_around(section: Section) -> None:
    """Its direction is its own; signs that would turn what follows are taken out."""
    title = "قرار بشأن الهجرة (12) \u202eABC"
    page = render_html(week(replace(ACT, section=section, title=title)), None).html
    assert "\u202e" not in page + render_text(week(replace(ACT, title=title)), None)
    assert re.search(r'dir="auto"[^>]*>(<a [^>]*>)?قرار', page)


# ----------------------------------------------------------------------------------------- size


@pytest.mark.parametrize("title", ["", "T" * 3_000, "ñ漢🗽" * 700], ids=["words", "one", "wide"])
@pytest.mark.parametrize("subscriber", [None, SPANISH], ids=["en", "es"])
def test_the_text_of_five_hundred_matters_stays_small(
    title: str, subscriber: Subscriber | None
) -> None:
    """As the page does: each section keeps its heading with the whole count."""
    text = render_text(flood(500, title), subscriber, Links(contact="mailto:team@example.org"))
    assert len(text.encode()) <= MOST_BYTES
    assert len(re.findall(r"^[^ ].* \((?:112|56|55)\)$", text, re.MULTILINE)) == 8
    assert text.count("* HB") > 100
    assert "team@example.org" in text


def test_ten_times_as_many_matters_cost_not_ten_times_as_much() -> None:
    """What never fits is not tried; counts are whole."""
    spent = []
    for number in (500, 5_000):
        digest = flood(number)
        began = time.process_time()
        text, page = render_text(digest, None), render_html(digest, None).html
        spent.append(time.process_time() - began)
        assert max(len(page.encode()), len(text.encode())) <= MOST_BYTES
        assert "do not fit here" in text
    assert "ACTION (1,112)" in text
    assert spent[1] < 6 * spent[0]


def test_what_is_left_out_is_asked_for_by_mail_where_there_is_no_page() -> None:
    """No command: a reader has no shell."""
    for told in said(flood(500), None, Links(contact="team@example.org")):
        assert "For the whole list, write to team@example.org" in told
        assert "monitor matters" not in told
    for told in said(flood(500)):
        assert "do not fit here." in told
        assert "write to" not in told


def test_a_week_of_one_matter_and_of_none() -> None:
    """Each reads well."""
    assert "1 new" in said(week(NEW))[0]
    assert "Nothing new." in said(week())[0]
    far = replace(HEARING, starts=HEARING.starts and HEARING.starts + timedelta(days=400))
    assert "2027" in said(week(replace(ACT, hearings=(far,))))[0]
