"""The repository's filters, read as the program reads them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.config import Config, load

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = """\
sources:
  - {id: feed, name: A feed, kind: rss, url: "https://example.org/feed", jurisdiction: ny}
"""


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Load filters/ beside the least that a configuration needs."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.copytree(REPOSITORY / "filters", folder / "filters")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "monitor.yaml").write_text("contact: someone@example.org\n", encoding="utf-8")
    return load(folder)
