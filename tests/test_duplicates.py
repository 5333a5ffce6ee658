"""`matters group` over labelled groups: one stays one, and what only looks so stays apart."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.lines import read_lines
from monitor.cli.matters import group

# What title, text and date do not tell: another language, another word for the same ruling, a
# headline that shares nothing with the others.
OUT_OF_REACH = {
    "same-001": "one calls it a refusal, the other a block",
    "same-013": "a general is sent away, or expected to leave",
    "same-016": "four outlets, four nicknames",
    "same-023": "the dates are weeks apart",
    "same-026": "English and Spanish",
    "same-040": "a story and its lawsuit, without a number",
    "same-080": "two pages of one report",
    "same-089": "the lead was written anew",
}


@pytest.fixture(scope="module")
def matters(shared: Path) -> dict[str, int]:
    """Group all labelled items as a poll would."""
    lines = list(read_lines(shared / "relevance" / "items.jsonl"))
    return dict(zip((line.id for line in lines), group(lines), strict=True))


@pytest.fixture(scope="module")
def labels(shared: Path) -> list[dict[str, Any]]:
    """Read the labelled groups and pairs."""
    text = (shared / "relevance" / "duplicates.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_no_pair_that_must_stay_apart_is_merged(
    matters: dict[str, int], labels: list[dict[str, Any]]
) -> None:
    """Two matters merged wrongly hide news."""
    pairs = [one["ids"] for one in labels if one["relation"] == "must_not_merge"]
    assert len(pairs) == 73
    assert [ids for ids in pairs if len({matters[one] for one in ids}) < len(ids)] == []


def test_what_is_the_same_is_joined_and_the_rest_is_explained(
    matters: dict[str, int], labels: list[dict[str, Any]]
) -> None:
    """At least 85 of 100 groups are one matter each."""
    groups = [one for one in labels if one["relation"] == "same"]
    apart = {one["group"] for one in groups if len({matters[n] for n in one["ids"]}) > 1}
    assert len(groups) == 70
    assert apart <= set(OUT_OF_REACH), sorted(apart - set(OUT_OF_REACH))
    assert 1 - len(apart) / len(groups) >= 0.85


def test_hardly_anything_else_is_merged(
    matters: dict[str, int], labels: list[dict[str, Any]]
) -> None:
    """But for entries of one docket, at most one item in a hundred stands among strangers."""
    known = {one: n for n, label in enumerate(labels) for one in label["ids"]}
    sizes = Counter(matters.values())
    strangers = [
        one
        for one, matter in matters.items()
        if sizes[matter] > 1 and one not in known and not one.startswith("docket")
    ]
    assert len(strangers) <= len(matters) / 100
