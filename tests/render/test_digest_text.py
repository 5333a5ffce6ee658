"""A digest as plain text reads well alone, in 72 columns."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monitor.models import Digest, Subscriber
from monitor.render.digest_text import WIDTH, render_text
from monitor.render.digest_values import Links
from tests.render.digests import SPANISH, SUBSCRIBER, flood, full_week, quiet_week

LINKS = Links(
    unsubscribe="https://monitor.example.org/u/abc",
    contact="mailto:team@example.org",
    calendar="dates.ics",
)


def one_line(text: str) -> str:
    """Undo the wrapping."""
    return " ".join(text.split())


@pytest.mark.parametrize("digest", [full_week(), quiet_week(), flood(40, "T" * 3_000)])
@pytest.mark.parametrize("subscriber", [None, SPANISH])
def test_no_line_is_wider_than_72_columns(digest: Digest, subscriber: Subscriber | None) -> None:
    """But for a word that is longer, as addresses are."""
    for line in render_text(digest, subscriber, LINKS).splitlines():
        assert len(line) <= WIDTH or max(map(len, line.split())) > WIDTH - 20, line


def test_it_says_what_the_html_says_in_the_same_order() -> None:
    """Headings, dates, ways, passages with their place, sources, addresses whole."""
    said = one_line(render_text(full_week(), SUBSCRIBER, LINKS))
    places = [
        said.index(part)
        for part in (
            "Immigration policy digest Nov 16 to 22, 2026",
            "next: Tue, Nov 24, 10:00 am EST",
            "WHAT NEEDS ACTION (2)",
            "Hearing: Tue, Nov 24, 10:00 am EST (tomorrow), 250 Broadway",
            "Hearing moved to Tue",
            "| Int 1412-2026.pdf p. 3: Any person",
            "How to take part",
            "- E-mail: testimony@council.example.gov",
            "Source: New York City Council",
            "https://council.example.gov/matters/1412",
            "WON (1)",
            "LOST (1)",
            "SUITS AND RULINGS (1)",
            "287(G) AGREEMENTS (1)",
            "9 added · 2 ended · 1,412 in force nationwide",
            "MOVING (1)",
            "NEW (2)",
            "WATCHING (2)",
            "WEEK BY WEEK",
            "ALSO PLANNED",
            "WHAT WAS CHECKED",
            "Harris County Commissioners Court: HTTP 503",
            "The dates are in the attached calendar, dates.ics.",
            "Unsubscribe: https://monitor.example.org/u/abc",
            "Questions: team@example.org",
        )
    ]
    assert places == sorted(places)


def test_bars_are_as_long_as_their_numbers() -> None:
    """The longest of a chart fills its room; zero has none."""
    week = full_week()
    assert week.activity is not None
    week = replace(week, activity=replace(week.activity, values=(*week.activity.values[:-1], 0)))
    rows = dict(re.findall(r"^(\w{3} \d+) +(#*) ?\d+$", render_text(week, None), re.MULTILINE))
    assert len(rows["Nov 9"]) == 40
    assert len(rows["Nov 2"]) == round(40 * 0.72)
    assert rows["Nov 16"] == ""


def test_a_quiet_week_says_so_at_the_top() -> None:
    """And what was checked."""
    said = one_line(render_text(quiet_week(), None))
    assert said.index("A QUIET WEEK") < said.index("43 of 43 sources were checked (5,301 visits).")
    assert said.index("All of them answered.") < said.index("287(G) AGREEMENTS")


def test_gaps_are_at_most_two_lines() -> None:
    """It ends with one line break, and begins without."""
    text = render_text(full_week(), None, LINKS)
    assert "\n\n\n\n" not in text
    assert not text.startswith("\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_spanish_text() -> None:
    """Headings, dates, stages, turns; titles stay."""
    said = one_line(render_text(full_week(), SPANISH, LINKS))
    for part in (
        "Boletín de política migratoria del 16 al 22 de noviembre de 2026",
        "LO QUE PIDE ACCIÓN (2)",
        "Audiencia: martes 24 de noviembre, 10:00 a. m. EST (mañana)",
        "HB 1222 — Maryland Values Act",
        "Firmado («Approved by the Governor - Chapter 718»)",
        "Limita la cooperación con ICE",
        "Usted pidió: 287g, New York.",
        "Darse de baja: https://monitor.example.org/u/abc",
    ):
        assert part in said, part
