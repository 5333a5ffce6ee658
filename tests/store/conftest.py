"""A store in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store import Store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Name a database that does not exist yet."""
    return tmp_path / "state" / "monitor.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """Open an empty store."""
    with Store.open(database) as opened:
        yield opened
