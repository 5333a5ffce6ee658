"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the folder of real recordings beside the project; skip, saying so, where it is not."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "recordings").is_dir():
        pytest.skip("the real recordings (../shared) are not here")
    return folder
