"""Nothing that a publisher writes can mention, link or format, or make Slack refuse a message."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from monitor.channels.slack_errors import REFUSED_BLOCKS
from monitor.models import Alert
from monitor.render.blocks import fits, mrkdwn, units
from monitor.render.controls import controls
from monitor.render.links import address_of
from monitor.render.notes import harmless, note, pieces
from monitor.render.slack import SlackMessage, fallback, message, revised, told_before
from monitor.render.text import plain
from tests.alerts.builders import NOW, alert
from tests.render.hostile import (
    CORPUS,
    HOSTILE_URLS,
    INVISIBLE,
    MARKUP,
    everywhere,
    of_all_kinds,
    posted,
    strings,
)
from tests.servers.slack_limits import refusal

OWN_LINK = re.compile(r"<https?://[^\s<>|]+>|<mailto:([^\s<>|]+)\|\1>")
UNBROKEN = re.compile(r"<?(https?://[^\s<>]+)>?")
OWN_MAIL = re.compile(r"(?<![\w@])[A-Za-z0-9._%+-]+@(?!everyone|here|channel|all\b|room)[\w.-]+")
OWN_BOLD = re.compile(r"\*\*(?=\S)|(?<=\S)\*\*")


def assert_harmless(shown: SlackMessage) -> None:
    """Check one message: Slack takes it, and nothing in it is more than words."""
    blocks = list(shown.blocks)
    arguments = {"text": shown.text, "metadata": shown.metadata} | (
        {"blocks": blocks} if blocks else {}
    )
    assert refusal(arguments) is None
    assert not any(part["type"] == "mrkdwn" for part in objects(blocks))
    for name, text in strings(blocks):
        assert not INVISIBLE.search(text)
        assert not MARKUP.search(text), text
        assert name != "url" or re.fullmatch(r"https?://[^\s<>|]+", text)
    assert_words_only(shown.text)


def assert_words_only(text: str) -> None:
    """Check a text in Slack's markup: only our own bare links are markup."""
    rest = OWN_LINK.sub("", text)
    assert not INVISIBLE.search(text)
    assert "<" not in rest
    assert ">" not in rest
    assert not re.search(r"&(?!amp;|lt;|gt;)", rest)
    assert not re.search(r"(?<!\u200b)[*_~`](?!\u200b)", rest)
    assert not re.search(r"(?<!\u200b):[\w+'-]+:", rest)
    assert not re.search(r"\w://\w", rest)
    assert not re.search(r"(?m)^&gt;", rest)
    assert not re.search(r"(?<!\u200b)@(?:channel|here|everyone)", rest)


def objects(value: object) -> list[dict[str, object]]:
    """List all objects of a payload that have a type."""
    if isinstance(value, dict):
        own = [value] if "type" in value else []
        return own + [found for part in value.values() for found in objects(part)]
    if isinstance(value, list):
        return [found for part in value for found in objects(part)]
    return []


def assert_all_harmless(made: Alert) -> None:
    """Check every message of an alert, its fallback, and its plain text."""
    for shown in (*message(made, NOW), fallback(made, NOW)):
        assert_harmless(shown)
        assert fits(shown.blocks)
        Block.parse_all(list(shown.blocks))
        for block in Block.parse_all(list(shown.blocks)):
            block.to_dict()
    assert units(fallback(made, NOW).text) <= 4_000
    text = plain(made, NOW)
    assert not INVISIBLE.search(text)
    assert text.strip()
    for markdown in (False, True):
        words = note(made, NOW, made.headline, markdown=markdown)
        assert_note(words.title)
        assert_note(words.body, links_of(made), markdown=markdown)


def assert_note(text: str, own: frozenset[str] = frozenset(), *, markdown: bool = False) -> None:
    """Check a note: whatever a service makes of it, only our `own` links are more than words."""
    assert not INVISIBLE.search(text)
    assert set(UNBROKEN.findall(text)) <= own
    rest = OWN_MAIL.sub("", UNBROKEN.sub("", text))
    rest = OWN_BOLD.sub("", rest) if markdown else rest
    assert not re.search(r"<(?!\s|\u200b)", rest)
    assert not re.search(r"(?<!\u200b)[*_~`]|[*_~`](?!\u200b)", rest)
    assert not re.search(r"@(?!\u200b)\w", rest)
    assert not re.search(r"\](?!\u200b)[(\[]", rest)
    assert not re.search(r"&(?!\u200b)[#\w]", rest)
    rest = re.sub(r"(?m)^(?:> |- )", "", rest) if markdown else re.sub(r"(?m)^- ", "", rest)
    assert not re.search(r"(?m)^\s*[#>+]", rest)


def links_of(made: Alert) -> frozenset[str]:
    """Name the links that an alert may show."""
    item = made.item
    urls = [url for _, url in made.lines]
    if item is not None:
        urls += [item.url, *(one.url for one in item.attachments)]
        urls += [one.value for one in item.participation]
    return frozenset(filter(None, map(address_of, urls)))


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: repr(text[:20]))
def test_hostile_words_in_every_field_stay_words(text: str) -> None:
    """Mentions, links, formats, controls, right-to-left marks, endless words; in all alerts."""
    for made in of_all_kinds(text):
        assert_all_harmless(made)


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: repr(text[:20]))
def test_hostile_words_stay_words_where_the_present_is_shown(text: str) -> None:
    """Names of sources, stages, places; beside buttons, and where the story went elsewhere."""
    for one in posted(text):
        row = controls(one.alert, NOW, first=True, present=one.present)
        shown = revised(one, NOW, row)
        assert_harmless(shown)
        assert all("value" in entry for entry in objects(list(shown.blocks)) if is_button(entry))


def is_button(entry: dict[str, object]) -> bool:
    """Tell buttons, whose values come back to us."""
    return entry["type"] == "button"


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: repr(text[:20]))
def test_hostile_words_stay_words_in_a_webhooks_later_alert(text: str) -> None:
    """The matter's name stands in the message, for there is no thread."""
    for shown in message(everywhere(text), NOW, state=(told_before(text),)):
        assert_harmless(shown)


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=lambda url: repr(url[:30]))
def test_hostile_links_are_encoded_or_left_out(url: str) -> None:
    """Only http and https; nothing that ends a link early; bounded."""
    for made in of_all_kinds("A title", url):
        assert_all_harmless(made)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from(CORPUS), max_size=4).map(" ".join)
    | st.text(alphabet="<>!@#|*_~`:&;/ \nahercln", max_size=200),
    st.sampled_from(HOSTILE_URLS) | st.text(max_size=60),
)
def test_any_words_in_every_field_stay_words(text: str, url: str) -> None:
    """Whatever text and link: a valid message without markup."""
    assert_all_harmless(everywhere(text, url))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>!@#|*_~`:&;[](){}\\ \nabc+-", max_size=80))
def test_what_is_taken_apart_reads_as_it_was_written(text: str) -> None:
    """Dropping the zero-width spaces gives the text back; a second time changes no word."""
    assert harmless(text).replace("\u200b", "") == text
    assert_note("x " + harmless("x " + text.replace("\n", " ")))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \n", max_size=400), st.integers(5, 50))
def test_pieces_hold_every_word_within_the_limit(text: str, limit: int) -> None:
    """Nothing is cut, nothing is empty."""
    made = pieces(text, limit)
    assert all(0 < len(piece) <= limit for piece in made)
    assert "".join("".join(made).split()) == "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>!@#|*_~`:&; \nabc+", max_size=80))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    """Undoing the three escapes and dropping the zero-width spaces gives the text back."""
    shown = mrkdwn(text).replace("\u200b", "")
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert_words_only(mrkdwn(text))


def test_the_checker_would_see_a_mention_and_a_format() -> None:
    """A test that cannot fail is a defect."""
    for text in ("<!channel>", "*bold*", ":tada:", "https://x.example", "@here", "a & b"):
        with pytest.raises(AssertionError):
            assert_words_only(text)
    for text in ("<@123>", "*bold*", "see https://x.example", "@here", "[a](b)", "# one", "&lt;"):
        with pytest.raises(AssertionError):
            assert_note(text)


def test_private_data_is_masked_in_every_field() -> None:
    """A-numbers, telephone numbers and homes are never repeated."""
    made = everywhere("Matter of A 012 345 678, at home: 12 Main Street, call 212-555-0134")
    # Ways to comment are what their reader takes out of a text: an office's own numbers.
    assert made.item is not None
    made = replace(made, item=replace(made.item, participation=()))
    shown = json.dumps([part.blocks for part in message(made, NOW)]) + plain(made, NOW)
    shown += note(made, NOW).body + note(made, NOW, made.headline, markdown=True).body
    assert "345 678" not in shown
    assert "555-0134" not in shown
    assert "[A-number]" in shown


def test_metadata_is_small_and_opaque() -> None:
    """It holds the key and nothing that a publisher or a filter says."""
    (shown,) = message(alert(), NOW)
    assert shown.metadata == {"event_type": "monitor_alert", "event_payload": {"k": alert().key}}


def test_a_terminal_is_not_steered() -> None:
    """Escape sequences of a title do not reach the console."""
    assert "\x1b" not in plain(everywhere("\x1b]0;owned\x07\x1b[2J"), NOW)


def test_every_refusal_of_blocks_has_a_cure() -> None:
    """The strict checker's codes are among those for which a plain message is sent instead."""
    too_long = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    code, messages = refusal({"text": "x", "blocks": too_long}) or ("", [])
    assert code in REFUSED_BLOCKS
    assert "/blocks/0/text/text" in messages[0]
