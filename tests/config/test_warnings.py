"""What can run and is probably a mistake: a warning with its place."""

from __future__ import annotations

import pytest

from tests.config.conftest import FILTER_SANCTUARY, Loads


def test_a_configuration_that_is_right_has_no_warnings(loads: Loads) -> None:
    """Warnings that always stand there are not read."""
    assert loads().warnings == ()


def test_a_default_zone_that_is_not_the_place_s_own_is_doubted(loads: Loads) -> None:
    """Local times would be misread by hours; a zone that the source names itself is not doubted."""
    default = ("defaults: {every: 1h}", "defaults: {every: 1h, timezone: America/New_York}")
    assert loads(sources=default).warnings == (
        (
            "sources.yaml:20: timezone America/New_York comes from defaults, but N.D. Cal. keeps "
            "America/Los_Angeles: its times would be misread (write timezone: America/Los_Angeles "
            "here, or take timezone out of defaults)"
        ),
    )
    own = ("court: cand", "court: cand\n    timezone: America/New_York")
    config = loads(sources=own)
    assert config.warnings == ()
    assert config.sources[2].timezone == "America/New_York"


def test_zones_with_the_same_clock_are_not_doubted(loads: Loads) -> None:
    """Detroit's clocks show what New York's show."""
    config = loads(sources=("ny/alder\n    every", "mi/alder\n    timezone: US/Eastern\n    every"))
    assert config.warnings == ()
    default = ("{every: 1h}", "{every: 1h, timezone: US/Eastern}")
    warned = loads(sources=default).warnings
    assert [line.partition(": ")[0] for line in warned] == ["sources.yaml:21"]


def test_a_window_that_is_visited_too_seldom_is_doubted(loads: Loads) -> None:
    """A court's feed holds a day; entries would be missed."""
    warned = loads(sources=("court: cand\n    every: 30m", "court: cand\n    every: 1d")).warnings
    assert warned == (
        (
            "sources.yaml:23: every 1d is too seldom: this publisher shows new entries for a day "
            "only (write 6h or less)"
        ),
    )


def test_two_sources_that_ask_for_the_same_are_doubted(loads: Loads) -> None:
    """Unless one of them is switched off."""
    twin = "  - {id: twin, kind: portal, client: alder, jurisdiction: ny}\n  - id: alder-news"
    warned = loads(sources=("  - id: alder-news", twin)).warnings
    assert warned == ("sources.yaml:13: 'twin' asks for the same as 'alder-council' (line 4)",)
    assert loads(sources=("kind: portal, client", "enabled: false, kind: portal, client"))


@pytest.mark.parametrize(
    ("examples", "missing"),
    [
        ("", "match or reject"),
        ("examples: {match: [a]}\n", "reject"),
        ("examples: {reject: [a]}\n", "match"),
    ],
)
def test_a_filter_without_examples_is_doubted(loads: Loads, examples: str, missing: str) -> None:
    """Nothing shows that it does what it is for."""
    text = FILTER_SANCTUARY.partition("examples:")[0] + examples
    warned = loads({"filters/sanctuary.yaml": text}).warnings
    assert len(warned) == 1
    assert warned[0].startswith("filters/sanctuary.yaml:")
    assert f"no examples to {missing}: " in warned[0]


def test_an_example_contact_is_doubted(loads: Loads) -> None:
    """Publishers could not reach anybody."""
    warned = loads(monitor=("alder-coalition.org", "example.org")).warnings
    assert warned == ("monitor.yaml:1: contact is still the example 'monitor@example.org'",)


def test_slack_without_a_default_channel_is_doubted(loads: Loads) -> None:
    """Alerts that no route takes would only be printed."""
    warned = loads(monitor=('  default: "#immigration-alerts"\n', "")).warnings
    assert warned[0].startswith("monitor.yaml:2: slack has no default")


def test_an_empty_list_of_sources_is_doubted(loads: Loads) -> None:
    """Nothing is watched."""
    config = loads({"sources.yaml": "sources: []"})
    assert config.sources == ()
    assert config.warnings == ("sources.yaml:1: no sources: nothing is watched",)
