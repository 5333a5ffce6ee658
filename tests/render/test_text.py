"""The plain text of an alert: readable, wrapped, aligned."""

from __future__ import annotations

import pytest

from monitor.floods import defer
from monitor.models import ChangeKind, FieldChange, Priority
from monitor.render.text import Style, lines, plain
from tests.alerts.builders import NOW, TEXT, alert, alerts
from tests.render.hostile import everywhere

EXPECTED = """\
! Status: Committee → Adopted · INT 1234-2026 — Prohibiting agreements (New York City Council)
  New York City, NY · Committee on Immigration · Council item
  INT 1234-2026 — Prohibiting agreements with federal immigration authorities

  Status     Committee → Adopted
  Direction  Limits cooperation with ICE
  Hearing    Wed, Nov 25, 2026, 10:00 am EST (in 2 days) · Council Chambers, City Hall

  | No officer shall enter into an agreement under section 287(g) of the Act, or detain any
  | person on the basis of a civil immigration detainer.

  Why        287(g) agreements: “287(g)”
  Source: New York City Council · Published Mon, Nov 23, 2026, 7:00 am EST
  https://council.example/LegislationDetail.aspx?ID=1&GUID=2
  Committee report: https://council.example/report.pdf"""


def test_an_alert_reads_like_a_note() -> None:
    """Headline, place, what changed, facts, passage, reason, source, links."""
    made = alert(
        headline="Status: Committee → Adopted · INT 1234-2026 — Prohibiting agreements "
        "(New York City Council)",
        priority=Priority.HIGH,
        change=ChangeKind.UPDATED,
        fields=(FieldChange("status", "Committee", "Adopted"),),
    )
    assert plain(made, NOW) == EXPECTED


def test_without_now_nothing_is_counted_down() -> None:
    """A stored text does not go stale."""
    assert "in 2 days" not in plain(alert())


@pytest.mark.parametrize("width", [40, 60, 96])
def test_lines_are_wrapped_and_links_stay_whole(width: int) -> None:
    """Only a link (or a word longer than the line) may stick out."""
    for row in plain(alert(), NOW, width).split("\n"):
        assert len(row) <= width or "https://" in row


def test_an_amended_text_is_marked_as_wdiff_does() -> None:
    """[-old-] {+new+}, with the words around it."""
    fields = (FieldChange("text", TEXT * 2, TEXT + TEXT.replace("civil", "criminal")),)
    said = plain(alert(change=ChangeKind.UPDATED, fields=fields), NOW)
    assert "[-civil-]" in said
    assert "{+criminal+}" in said


def test_a_summary_has_a_line_and_a_link_for_each_item() -> None:
    """The link stands below its line."""
    *_, summary = defer(alerts(4), 2).told
    assert "  - New: Resolution 3 (New York City Council)\n    https://council.example/3" in plain(
        summary
    )


def test_the_matched_words_have_a_style_of_their_own() -> None:
    """Whether it is a colour is the terminal's affair."""
    hits = [s.text for row in lines(alert(), NOW) for s in row if s.style is Style.HIT]
    assert hits == ["287(g)"]


def test_there_are_no_empty_lines_at_the_ends_or_in_a_row() -> None:
    """Whatever parts an alert has or lacks."""
    for made in (alert(), alert(item=None), everywhere(""), everywhere("x")):
        text = plain(made, NOW)
        assert text == text.strip("\n")
        assert "\n\n\n" not in text
