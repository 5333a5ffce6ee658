"""What stands in a Slack message, where, and what happens when there is too much of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts import HealthState, health
from monitor.floods import defer
from monitor.models import (
    Alert,
    Attachment,
    ChangeKind,
    Direction,
    FieldChange,
    Match,
    Passage,
    Priority,
)
from monitor.render.blocks import Button, clip, text_units, units
from monitor.render.slack import fallback, message
from tests.alerts.builders import HEARING, NOW, ROUTING, TEXT, alert, alerts, docket, item, match
from tests.render.hostile import strings
from tests.servers.slack_limits import refusal


def shown(made: Alert) -> list[Any]:
    """Return the blocks of an alert's only message."""
    (only,) = message(made, NOW)
    return list(only.blocks)


def texts(blocks: list[Any], kind: str = "") -> str:
    """Join all words of the blocks of one type."""
    wanted = [block for block in blocks if not kind or block["type"] == kind]
    return " ".join(text for name, text in strings(wanted) if name == "text")


def styled(blocks: list[Any], style: str) -> list[str]:
    """List the words in bold, struck or italic."""
    found = []
    for block in blocks:
        for part in block.get("elements", []):
            found += [e["text"] for e in part.get("elements", []) if e.get("style", {}).get(style)]
    return found


def test_a_message_says_what_where_when_why_and_whence() -> None:
    """All that a reader needs to act stands in the one message."""
    blocks = shown(alert())
    assert blocks[0]["text"]["text"].startswith("New: INT 1234-2026")
    assert "New York City, NY · Committee on Immigration · Council item" in texts(blocks, "context")
    said = texts(blocks, "rich_text")
    for expected in (
        "Limits cooperation with ICE",
        "Status:   Committee",
        "Wed, Nov 25, 2026, 10:00 am EST (in 2 days) · Council Chambers, City Hall",
        "A. Member; B. Member",
        "Open at council.example",
        "Committee report",
    ):
        assert expected in said
    assert "Why: 287(g) agreements: “287(g)”" in texts(blocks, "context")
    assert "Source: New York City Council · Published Mon, Nov 23, 2026, 7:00 am EST" in texts(
        blocks
    )


def test_the_words_that_matched_are_bold_in_the_passage() -> None:
    """The quotation is the passage, unchanged."""
    blocks = shown(alert())
    (quote,) = [b for b in blocks if b.get("elements", [{}])[0].get("type") == "rich_text_quote"]
    pieces = quote["elements"][0]["elements"]
    assert "".join(piece["text"] for piece in pieces) == TEXT
    assert [piece["text"] for piece in pieces if "style" in piece] == ["287(g)"]


def test_the_matched_words_of_a_cut_title_are_bold_in_the_whole_title() -> None:
    """A title that the headline had to cut stands below it in full."""
    title = "A local law in relation to many other things, and " * 3 + "ending 287(g) agreements"
    start = title.index("287(g)")
    passage = Passage("title", 0, len(title), title, ((start, start + 6),))
    made = item(title=title)
    blocks = shown(
        alert(item=made, headline="New: A local law…", matches=(match(passages=(passage,)),))
    )
    assert title in "".join(text for name, text in strings(blocks) if name == "text")
    assert "287(g)" in styled(blocks, "bold")


def test_a_passage_of_a_document_names_its_page() -> None:
    """So that one can look it up."""
    passage = Passage("agenda.pdf p. 12", 0, 10, "ICE detainers", ((0, 3),))
    blocks = shown(alert(matches=(match(passages=(passage,)),)))
    assert "agenda.pdf p. 12" in styled(blocks, "italic")


def test_hits_survive_cleaning_and_masking() -> None:
    """The bold words are the matched ones, also behind a masked number."""
    text = "Call 212-555-0134 about  the ICE\u200b detainer in this service."
    hits = tuple((text.index(word), text.index(word) + len(word)) for word in ("ICE", "detainer"))
    passage = Passage("text", 0, len(text), text, hits)
    blocks = shown(alert(matches=(match(passages=(passage,)),)))
    assert "Call [phone] about the ICE detainer in this service." in "".join(
        text for name, text in strings(blocks) if name == "text"
    )
    assert [word for word in styled(blocks, "bold") if not word.endswith(":")] == [
        "ICE",
        "detainer",
    ]


def test_the_same_passage_of_two_topics_is_quoted_once() -> None:
    """With the hits of both in bold."""
    start = TEXT.index("detainer")
    other = Passage("text", 0, len(TEXT), TEXT, ((start, start + 8),))
    blocks = shown(alert(matches=(match(), match("detainers", passages=(other,)))))
    assert texts(blocks).count("on the basis of") == 1
    assert {"287(g)", "detainer"} <= set(styled(blocks, "bold"))


def test_a_docket_of_the_watch_list_shows_its_text() -> None:
    """No passage matched: the entry's own words are quoted."""
    blocks = shown(alert(item=docket(), matches=(), direction=Direction.UNCLEAR))
    assert "ORDER granting motion for preliminary injunction." in texts(blocks)
    assert "Direction" not in texts(blocks)


def test_what_changed_is_shown_before_and_after() -> None:
    """The old state is struck; times are said as people say them."""
    fields = (
        FieldChange(
            "hearings",
            "hearing, 2026-11-24 10:00 EST, Room 5\nmeeting, 2026-12-01",
            "hearing, 2026-11-25 10:00 EST, Room 5\nmeeting, 2026-12-01",
        ),
        FieldChange("status", "", "Adopted"),
    )
    blocks = shown(alert(change=ChangeKind.UPDATED, fields=fields))
    assert styled(blocks, "strike") == ["Tue, Nov 24, 2026, 10:00 am EST, Room 5"]
    assert "Wed, Nov 25, 2026, 10:00 am EST, Room 5" in texts(blocks)
    assert "Dec 1" not in texts(blocks)
    assert "nothing" in styled(blocks, "italic")


def test_an_amended_text_shows_the_words_that_went_and_came() -> None:
    """Long passages that stayed are left out."""
    fields = (FieldChange("text", TEXT * 3, TEXT.replace("287(g)", "236") + TEXT * 2),)
    blocks = shown(alert(change=ChangeKind.UPDATED, fields=fields))
    assert styled(blocks, "strike") == ["287(g)"]
    assert "236" in styled(blocks, "bold")


def test_a_list_that_was_only_reordered_shows_no_change() -> None:
    """Nor does "nothing → nothing" stand there."""
    fields = (FieldChange("hearings", "a\nb", "b\na"), FieldChange("status", "A", "B"))
    blocks = shown(alert(change=ChangeKind.UPDATED, fields=fields))
    assert "Dates" not in texts(blocks)
    assert "nothing" not in texts(blocks)


def test_long_documents_lists_name_only_what_differs() -> None:
    """However long the addresses."""
    kept = "\n".join(f"Exhibit {n} <https://x.example/{n}>" for n in range(90))
    fields = (FieldChange("attachments", kept, f"{kept}\nOrder <https://x.example/order>"),)
    said = texts(shown(alert(change=ChangeKind.UPDATED, fields=fields)))
    assert "Order" in said
    assert "Exhibit" not in said


def test_changed_documents_are_named_without_their_addresses() -> None:
    """The links stand below."""
    old, new = "Agenda <https://x.example/1.pdf>", "Report <https://x.example/2.pdf>"
    fields = (FieldChange("attachments", old, f"{old}\n{new}"),)
    assert "Report" in texts(shown(alert(change=ChangeKind.UPDATED, fields=fields)))
    assert "2.pdf" not in texts(shown(alert(change=ChangeKind.UPDATED, fields=fields)))
    long = tuple(
        FieldChange("attachments", f"{n} <https://x.example/{'y' * 200}>", n) for n in "ab"
    )
    assert "yyy" not in texts(shown(alert(change=ChangeKind.UPDATED, fields=long)))


def test_many_documents_are_counted_and_the_first_are_linked() -> None:
    """500 attachments do not flood a channel; the item's page has them all."""
    many = tuple(Attachment(f"Exhibit {n}", f"https://x.example/{n}") for n in range(500))
    blocks = shown(alert(item=item(attachments=many)))
    assert "and 495 more documents" in texts(blocks)
    assert "Exhibit 5" not in texts(blocks)


@pytest.mark.parametrize("title", ["https://bank.example", "www.bank.example", "bank.com/login"])
def test_a_document_cannot_pretend_to_lead_elsewhere(title: str) -> None:
    """A title that looks like an address gives way to the true host."""
    made = item(attachments=(Attachment(title, "https://other.example/1"),))
    assert "document at other.example" in texts(shown(alert(item=made)))
    assert "bank" not in texts(shown(alert(item=made)))


def test_a_date_that_is_over_is_not_the_next_one() -> None:
    """A cancelled one says so; one of the past is left out."""
    past = replace(HEARING, starts=NOW - timedelta(days=2))
    off = replace(HEARING, starts=NOW + timedelta(days=9), cancelled=True)
    said = texts(shown(alert(item=item(hearings=(past, off)))))
    assert "Nov 21" not in said
    assert "Hearing cancelled:" in said


def test_a_hearing_without_a_readable_time_is_shown_in_its_own_words() -> None:
    """Nothing is guessed."""
    vague = replace(HEARING, starts=None, said="upon adjournment")
    assert "upon adjournment · Council Chambers" in texts(
        shown(alert(item=item(hearings=(vague,))))
    )


def test_only_a_high_alert_is_marked() -> None:
    """Emphasis that is everywhere is nowhere."""
    assert shown(alert(priority=Priority.HIGH))[0]["text"]["text"].startswith("❗ ")
    assert "❗" not in texts(shown(alert()))


def test_the_notification_says_what_and_when() -> None:
    """A telephone shows nothing else."""
    (only,) = message(alert(), NOW)
    assert only.text.startswith("New: INT 1234-2026")
    assert "Hearing: Wed, Nov 25, 2026, 10:00 am EST (in 2 days)" in only.text


def test_a_summary_lists_each_item_with_its_link() -> None:
    """One bullet, one link each."""
    *_, summary = defer(alerts(8), 3).told
    blocks = shown(summary)
    links = [text for name, text in strings(blocks) if name == "url"]
    assert links == [f"https://council.example/{n}" for n in range(2, 8)]


def test_a_health_post_says_what_to_do() -> None:
    """Nothing in it is a link, nothing is said twice."""
    made = health(ROUTING, "nyc", HealthState.BROKEN, "error page", since=NOW, name="City", now=NOW)
    said = texts(shown(made))
    assert "To try it: monitor sources test nyc" in said
    assert said.count("City") == 1


def test_buttons_stand_at_the_end_of_the_first_message() -> None:
    """Without ids there are none: no dead buttons."""
    buttons = (Button("relevant", "Relevant", "7"), Button("not_relevant", "Not relevant", "7"))
    first, *rest = message(huge(), NOW, buttons)
    assert first.blocks[-1]["type"] == "actions"
    assert [e["action_id"] for e in first.blocks[-1]["elements"]] == ["relevant", "not_relevant"]
    assert refusal({"text": "x", "blocks": list(first.blocks)}) is None
    assert all(block["type"] != "actions" for part in rest for block in part.blocks)
    assert all(block["type"] != "actions" for block in shown(alert()))


# -------------------------------------------------------------------------------- too much


def huge() -> Alert:
    """Make an alert that no single message holds."""
    long = "ICE detainer & more " * 28
    matches = tuple(
        Match(
            f"topic {n}",
            f"Topic {n}",
            Priority.NORMAL,
            Direction.UNCLEAR,
            (Passage(f"agenda.pdf p. {n}", 0, len(long), f"{n} {long}", ((2, 5),)),),
            ("ICE",) * 9,
        )
        for n in range(10)
    )
    fields = tuple(FieldChange(f"fact {n}", "old " * 60, "new " * 60) for n in range(12))
    return alert(matches=matches, fields=fields, item=item(title="Title " * 150))


def test_what_exceeds_a_message_goes_on_in_its_thread() -> None:
    """Nothing is cut off: later parts say what they continue, with keys of their own."""
    parts = message(huge(), NOW)
    assert len(parts) > 1
    assert [part.key for part in parts[:2]] == [huge().key, f"{huge().key}.2"]
    assert "Continued (2 of" in texts(list(parts[1].blocks[:1]))
    said = "".join(texts(list(part.blocks)) for part in parts)
    assert all(f"agenda.pdf p. {n}" in said for n in range(10))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.sampled_from(["ICE detainer & co ", "移民 ", "🗽 ", "<&> "]),
    st.integers(1, 300),
)
def test_every_part_keeps_every_limit(quotes: int, changes: int, word: str, times: int) -> None:
    """Blocks, UTF-16 units and bytes, whatever the alphabet."""
    text = word * times
    passages = tuple(
        Passage(f"{word} p. {n}", 0, 1, f"{n} {text}", tuple((k, k + 1) for k in range(0, 90, 3)))
        for n in range(quotes)
    )
    fields = tuple(FieldChange(f"{word}{n}", text, f"{text}{n}") for n in range(changes))
    made = alert(matches=(match(passages=passages),), fields=fields, headline=text)
    for part in message(made, NOW):
        blocks = list(part.blocks)
        assert len(blocks) <= 40
        assert text_units(blocks) <= 8_000
        assert len(json.dumps(blocks)) <= 14_000
        assert refusal({"text": part.text, "blocks": blocks}) is None


def test_many_short_lines_are_shared_out_by_their_text() -> None:
    """Latin text is bounded by its letters before its bytes are."""
    lines = tuple((f"{n} " + "a plain line " * 22, "") for n in range(40))
    parts = message(alert(kind="summary", item=None, lines=lines), NOW)
    sums = [text_units(list(part.blocks)) for part in parts]
    assert len(parts) == 2
    assert 5_000 < max(sums) <= 8_000


def test_the_plain_message_holds_the_same_words_and_the_link() -> None:
    """For when Slack refuses the blocks; the item's own link survives however long the rest is."""
    shown_plain = fallback(alert(), NOW)
    assert shown_plain.blocks == ()
    assert "<https://council.example/LegislationDetail.aspx?ID=1&amp;GUID=2>" in shown_plain.text
    assert "Limits cooperation with ICE" in shown_plain.text
    assert "<https://council.example/" in fallback(huge(), NOW).text
    assert units(fallback(huge(), NOW).text) <= 4_000


@given(st.text(max_size=60), st.integers(1, 30))
def test_clipping_counts_utf16_and_never_halves_a_letter(text: str, limit: int) -> None:
    """The result fits, begins like the text, and is whole."""
    clipped = clip(text, limit)
    assert units(clipped) <= limit
    clipped.encode("utf-8")
    assert text.startswith(clipped.removesuffix("…").rstrip()) or clipped == text
