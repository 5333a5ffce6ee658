"""An office that is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slackapp.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Open an office with an empty store."""
    with Office(tmp_path) as opened:
        yield opened
