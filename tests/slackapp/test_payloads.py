"""Anybody in the workspace can send anything: it is read exactly, or refused; never believed."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FormatError
from monitor.render.controls import Action, controls
from monitor.render.slack import message
from monitor.slackapp.payloads import MOST_TYPED, Click, Command, read
from tests.alerts.builders import NOW, alert
from tests.end_to_end.world import until
from tests.servers.slack_clicks import ANA, click, typed
from tests.servers.slack_people import TEAM
from tests.slackapp.office import PLACE, Office

POSTED = {
    "ts": "1.0",
    "channel": PLACE,
    "blocks": list(message(alert(), NOW, controls(alert(), NOW, first=True))[0].blocks),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
STRANGE: tuple[Any, ...] = (
    None,
    0,
    -1,
    1e308,
    True,
    "",
    "\x00",
    "\ud800",
    "移" * 5_000,
    "x" * 100_000,
    [],
    [[]],
    {},
    {"id": {}},
    "<!channel>",
    "'; DROP TABLE claims; --",
    "../../etc/passwd",
    "U0ANA\n",
    "T01MADEUP ",
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List where something stands in a payload, the message that it carries left out."""
    found = [path] if path else []
    if isinstance(value, dict):
        for name, part in value.items():
            found += places_in(part, (*path, name)) if name != "message" else []
    elif isinstance(value, list):
        for number, part in enumerate(value):
            found += places_in(part, (*path, number))
    return found


def with_strange(payload: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Put something strange into a payload."""
    made = copy.deepcopy(payload)
    holder: Any = made
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return made


def test_a_click_is_read_with_who_where_what_and_which_alert() -> None:
    """All that is acted on."""
    payload = click(POSTED, "not_relevant", "old news")
    got = read("interactive", "e1", payload)
    assert isinstance(got, Click)
    assert (got.action, got.choice, got.key) == (Action.NOT_RELEVANT, "old news", alert().key)
    sender = got.sender
    assert (sender.person.id, sender.workspace, sender.home) == (ANA, TEAM, TEAM)
    assert (sender.place, sender.reply_to) == (PLACE, payload["response_url"])
    assert sender.names[0] == "envelope e1"
    assert payload["actions"][0]["action_ts"] in sender.names[1]


def test_a_command_is_read_as_it_was_meant() -> None:
    """Escapes taken back, curly quotes straight, spaces squeezed, at most 500 letters."""
    got = read("slash_commands", "e1", typed("  search “287(g)”  &lt;ICE&gt; &amp;amp; "))
    assert isinstance(got, Command)
    assert got.text == 'search "287(g)" <ICE> &amp;'
    long = read("slash_commands", "e1", typed("x" * 9_000))
    assert isinstance(long, Command)
    assert len(long.text) == MOST_TYPED


@pytest.mark.parametrize("payload", [click(POSTED, "more", "mute"), typed("matter 1")])
def test_whatever_stands_anywhere_it_is_read_or_refused(payload: dict[str, Any]) -> None:
    """Every field, each of these values: no other error, and only bounded, well-formed values."""
    kind = "slash_commands" if "command" in payload else "interactive"
    for path in places_in(payload):
        for value in STRANGE:
            try:
                got = read(kind, "e1", with_strange(payload, path, value))
            except FormatError:
                continue
            assert got.sender.person.id == ANA
            assert len(got.sender.person.name) <= 80
            assert len(got.sender.reply_to) <= 500
            assert got.sender.place.isalnum()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["interactive", "slash_commands", "events_api", ""]), JSON)
def test_whatever_comes_it_is_refused(kind: str, payload: Any) -> None:
    """Nothing made at random is a click of ours."""
    with pytest.raises(FormatError):
        read(kind, "e1", payload)


@pytest.mark.parametrize("kind", ["events_api", "hello", "interactive", "", "x" * 1_000])
def test_other_envelopes_are_refused(kind: str) -> None:
    """Modals, shortcuts, events: nothing that we offer."""
    with pytest.raises(FormatError):
        read(kind, "e1", {"type": "view_submission"})


def test_a_storm_of_strange_payloads_harms_nobody(office: Office) -> None:
    """All are acknowledged; the app does nothing of it, and goes on."""
    posted = office.tell()
    chance = random.Random(287)  # noqa: S311 - repeatable
    base = office.socket.base
    payloads = [click(posted, "claim", base=base), typed("follow 1", base=base)]
    for _ in range(120):
        payload = chance.choice(payloads)
        path = chance.choice(places_in(payload))
        strange = with_strange(payload, path, chance.choice(STRANGE))
        assert office.socket.deliver(json.loads(json.dumps(strange)))
    assert office.socket.deliver(typed("status", base=base))
    until(lambda: "0 of 0 sources" in str(office.socket.answers[-1:]))
    assert office.store.upkeep.check() == ()
    people = {person for _, person in office.store.acts.following()}
    assert people <= {ANA}
