"""The page of kinds and options cannot go stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.kinds_page import kinds_page, write_kinds_page
from monitor.config.schemas import documented
from monitor.connectors import kinds

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_page_is_current() -> None:
    """After a change to a kind: `make schemas`."""
    committed = (ROOT / "docs" / "KINDS.md").read_text(encoding="utf-8")
    assert committed == kinds_page(), "docs/KINDS.md is out of date: run `make schemas`"


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_option_of_every_kind_is_explained(kind: str) -> None:
    """A volunteer finds out what an option means without reading code."""
    connector = kinds()[kind]
    said, options = documented(connector)
    assert said.endswith(".")
    for name, field in connector.model_fields.items():
        assert options.get(name) or field.description, f"{kind}: {name} is not explained"


def test_the_page_is_written_to_a_folder(tmp_path: Path) -> None:
    """Where `make schemas` puts it."""
    assert write_kinds_page(tmp_path / "docs").read_text(encoding="utf-8") == kinds_page()
