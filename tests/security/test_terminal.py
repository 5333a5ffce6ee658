"""Hostile words on the terminal: nobody but the monitor itself moves the cursor."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest

from monitor.cli.common import JsonLines, TextLines
from monitor.cli.terminal import escaped, harmless_output
from tests.end_to_end.world import World
from tests.security.hostile import DANGEROUS, TRICKS, WORDS, failing, feed

LISTINGS = (
    ("status",),
    ("sources", "list"),
    ("sources", "test", "herald"),
    ("sources", "test", "broken1"),
    ("filters", "list"),
    ("filters", "test", WORDS),
    ("filters", "explain", WORDS),
    ("filters", "report"),
    ("search", "detainer"),
    ("search", TRICKS[0]),
    ("matters", "list"),
    ("matters", "show", "1"),
    ("outbox", "list"),
    ("outbox", "list", "--state", "sent"),
    ("digest", "list"),
    ("subscribers", "list", "--full"),
    ("doctor",),
    ("check",),
    ("health",),
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make a world of hostile publishers and YAML, polled already; no test changes it."""
    with World(tmp_path_factory.mktemp("hostile")) as made:
        made.watch("herald", note=WORDS)
        made.sources["herald"]["name"] = f"The herald {''.join(TRICKS)}"
        made.misbehave("herald", feed("a"))
        for number, behaviour in enumerate(failing()):
            made.watch(f"broken{number}")
            made.misbehave(f"broken{number}", behaviour)
        made.here("once")
        made.misbehave("herald", feed("a", "b"))
        yield made


def harmless(*texts: str) -> None:
    """Check that no text holds what moves a cursor, or turns words around."""
    for text in texts:
        found = DANGEROUS.search(text)
        assert not found, repr(text[max(0, found.start() - 200) : found.end() + 60])


def test_a_round_shows_nothing_dangerous(hostile: World) -> None:
    """Neither its summary nor its log, at its most talkative."""
    ran = hostile.here("-vv", "once")
    assert ran.status == 1
    harmless(ran.out, ran.err)
    assert "A detainer policy" in str(hostile.told())


@pytest.mark.parametrize("command", LISTINGS, ids=lambda one: "-".join(one[:2]))
def test_no_listing_shows_anything_dangerous(hostile: World, command: tuple[str, ...]) -> None:
    """As text and, where there is one, as JSON."""
    ran = hostile.here(*command)
    harmless(ran.out, ran.err)
    as_json = hostile.here(*command, "--json")
    if as_json.status != 2:
        json.loads(as_json.out)
    harmless(as_json.out, as_json.err)


def test_no_message_holds_anything_dangerous(hostile: World) -> None:
    """Neither alerts nor posts on broken sources: a publisher's words come without the tricks."""
    told = [json.dumps(one, ensure_ascii=False) for one in hostile.slack.workspace.posted]
    assert "A detainer policy" in str(told)
    assert "HTTP 500" in str(told)
    harmless(*told)


def test_what_json_shows_is_what_is_stored() -> None:
    """Escapes are JSON's own: whoever reads the document gets the very words."""
    document = json.dumps({"name": WORDS}, ensure_ascii=False)
    harmless(escaped(document).replace("\n", ""))
    assert json.loads(escaped(document)) == {"name": WORDS}


def test_colours_of_our_own_get_through() -> None:
    """And nothing longer or stranger that begins like one."""
    out = StringIO()
    with redirect_stdout(out), harmless_output():
        print("\x1b[1mheading\x1b[0m \x1b[31mred\x1b[0m\x1b[2K\x1b[?25l\x9b31m\x1b[")  # noqa: T201
    assert out.getvalue() == (
        "\x1b[1mheading\x1b[0m \x1b[31mred\x1b[0m\ufffd[2K\ufffd[?25l\ufffd31m\ufffd[\n"
    )


@pytest.mark.parametrize("form", [TextLines(), JsonLines()])
def test_one_record_of_the_log_stays_one_line(form: logging.Formatter) -> None:
    """A reason with line breaks forges no second record."""
    record = logging.makeLogRecord({"msg": "poll failed", "reason": WORDS, "levelname": "INFO"})
    assert "forged" in form.format(record)
    assert "\n" not in form.format(record)
