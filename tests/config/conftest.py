"""A small configuration that is right, to be made wrong in one place by each test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.config import Config, load
from monitor.connectors import BaseConnector
from monitor.errors import ConfigError
from monitor.models import ItemType, Parsed, Poll, Request, Response

# Made up: the shape of the project's own files, with places and words of no real source.
SOURCES = """\
# what to watch
defaults: {every: 1h}
sources:
  - id: alder-council
    name: Alder City Council
    kind: portal
    client: alder
    jurisdiction: ny/alder
    every: 30m
    topics: [sanctuary, 287g]
    expect: 5/week
    note: the council meets on Tuesdays
  - id: alder-news
    kind: feed
    url: https://news.example.gov/alder.xml
    jurisdiction: ny/alder
    cron: "0 7-19 * * mon-fri"
    documents: false
    enabled: false
  - id: northern-docket
    kind: docket
    court: cand
    every: 30m
"""
FILTER_287G = """\
topic: 287g
title: 287(g) agreements
query: |
  "287(g)" OR "1357(g)"
  OR ("memorandum of agreement" NEAR/20 ICE)
exclude: |
  "House Bill 287"
direction:
  limits: ["opposing"]
  expands: ["entering into"]
priority: high
channels: ["#alerts-287g"]
examples:
  match:
    - "Resolution opposing participation in the 287(g) program"
  reject:
    - "Ordinance amending the zoning map"
"""
FILTER_SANCTUARY = """\
topic: sanctuary
title: Sanctuary laws
query: '"sanctuary city"'
examples: {match: ["Becoming a sanctuary city"], reject: ["The marine sanctuary"]}
"""
MONITOR = """\
contact: monitor@alder-coalition.org
slack:
  default: "#immigration-alerts"
  routes:
    - {jurisdiction: ny, channel: "#ny"}
    - {topic: [287g, sanctuary], priority: high, channels: ["#urgent", "#lawyers"]}
  health: "#monitor-health"
digests: [{id: weekly, at: "mon 08:00", timezone: America/New_York, title: The week}]
retention: {archive: 90d, items: forever}
"""
FILES = MappingProxyType(
    {
        "sources.yaml": SOURCES,
        "filters/287g.yaml": FILTER_287G,
        "filters/sanctuary.yaml": FILTER_SANCTUARY,
        "monitor.yaml": MONITOR,
    }
)


class Bounds(BaseModel):
    """Options below an option."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    most: int = Field(default=10, ge=1, le=100)
    least: int = 0


class Silent(BaseConnector):
    """A kind that asks for nothing: only its options are of interest here."""

    def requests(self, poll: Poll) -> tuple[Request, ...]:
        """Ask for nothing."""
        del poll
        return ()

    def parse(self, response: Response, poll: Poll) -> tuple[Parsed, ...]:
        """Read nothing."""
        del response, poll
        return ()


class Portal(Silent):
    """A kind with every sort of option.

    client: who the portal belongs to.
    bodies: read these only,
        by name or number; default all.
    type: of its items. key, token: the portal wants one.
    """

    kind: ClassVar[str] = "portal"
    platform: ClassVar[str] = "portals"

    client: str
    bodies: tuple[int | str, ...] = ()
    type: ItemType = ItemType.COUNCIL_ITEM
    bounds: Bounds = Bounds()
    key: bool = False
    token: bool = False

    @field_validator("client")
    @classmethod
    def _known(cls, client: str) -> str:
        if client == "nobody":
            raise ValueError("no portal has the client 'nobody' (look at its web address)")
        return client

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key."""
        return (f"LEGISTAR_TOKEN_{self.client.upper()}",) if self.key else ()


class Feed(Silent):
    """A kind with a URL."""

    kind: ClassVar[str] = "feed"

    url: str


class Docket(Silent):
    """A kind that reads a court, and shows a day only."""

    kind: ClassVar[str] = "docket"
    window: ClassVar[bool] = True

    court: str


KINDS: Mapping[str, type[BaseConnector]] = MappingProxyType(
    {"portal": Portal, "feed": Feed, "docket": Docket}
)
Loads = Callable[..., Config]
Complains = Callable[..., tuple[str, ...]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the configuration that is right."""
    write(tmp_path, FILES)
    return tmp_path


@pytest.fixture
def loads(folder: Path) -> Loads:
    """Load the configuration after some files were replaced or had words exchanged."""

    def loading(
        files: Mapping[str, str | None] | None = None,
        environ: Mapping[str, str] | None = None,
        **words: tuple[str, str],
    ) -> Config:
        write(folder, files or {})
        for name, (old, new) in words.items():
            path = folder / _FILES[name]
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(folder, environ, kinds=KINDS)

    return loading


@pytest.fixture
def complains(loads: Loads) -> Complains:
    """Load what is wrong; the complaints."""

    def complaining(*args: object, **words: object) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as fault:
            loads(*args, **words)
        return fault.value.complaints

    return complaining


_FILES = {
    "sources": "sources.yaml",
    "filter": "filters/287g.yaml",
    "sanctuary": "filters/sanctuary.yaml",
    "monitor": "monitor.yaml",
}


def write(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write files by name; None deletes one."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
