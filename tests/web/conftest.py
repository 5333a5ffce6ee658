"""A site for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import PUBLIC, Site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve a monitor that nobody reaches from outside."""
    with Site(tmp_path) as made:
        yield made


@pytest.fixture
def public_site(tmp_path: Path) -> Iterator[Site]:
    """Serve a monitor whose mail links to a public name, with a path of its own."""
    with Site(tmp_path, f"public_url: https://{PUBLIC}/news\n") as made:
        yield made
