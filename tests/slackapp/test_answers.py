"""Answers keep Slack's limits, and a publisher's words in them stay words."""

from __future__ import annotations

import pytest

from monitor.render.blocks import words
from monitor.slackapp.answers import Answer, listed, outside, person, plain_answer, titled, when
from tests.alerts.builders import NOW
from tests.render.hostile import CORPUS
from tests.servers.slack_limits import refusal


def test_points_that_exceed_a_message_are_left_out_and_counted() -> None:
    """Whatever the alphabet; nothing is cut in the middle, and none is lost unsaid."""
    answer = listed((words("Found:"),), [(words("移" * 500),)] * 20, "Narrow it.")
    blocks = answer.blocks
    assert refusal({"text": answer.text, "blocks": blocks}) is None
    shown = sum(len(block["elements"][0]["elements"]) for block in blocks[1:-1])
    assert blocks[-1]["elements"][0]["text"] == f"{20 - shown} more are not shown. Narrow it."
    assert 0 < shown < 8


@pytest.mark.parametrize("text", CORPUS)
def test_hostile_words_stay_words(text: str) -> None:
    """In blocks and in the text for screen readers."""
    answer = Answer(((titled(text, text), outside(text)),), ((outside(text),),), "note")
    assert refusal({"text": answer.text, "blocks": answer.blocks}) is None
    assert "<!" not in answer.text
    assert "<@" not in answer.text
    assert "<http" not in answer.text


def test_names_and_times_are_the_readers_clients_own() -> None:
    """With a fallback that reads well."""
    answer = Answer(((person("U0ANA"), words(" since "), when(NOW)),))
    assert answer.text == "<@U0ANA> since Mon, Nov 23, 2026, 3:00 pm UTC"
    assert refusal({"text": answer.text, "blocks": answer.blocks}) is None


def test_a_long_address_is_left_out_and_the_title_stays() -> None:
    """It would take the room of the other points."""
    assert titled("A bill", "https://x.example/" + "y" * 600)["type"] == "text"
    assert titled("A bill", "https://x.example/y")["type"] == "link"


def test_each_sentence_is_a_line() -> None:
    """Short answers are plain."""
    assert plain_answer("One.", "Two.").text == "One.\nTwo."
