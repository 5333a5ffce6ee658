"""The configuration as the rest of the program sees it: validated, frozen, picklable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.config.settings import MonitorSettings
from monitor.config.values import Expectation
from monitor.connectors import BaseConnector
from monitor.matching import FilterSet


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to poll.

    connector: an instance of the kind's connector; its fields are the options.
    jurisdiction: an Open Civic Data division id or a court's id, in normal form.
    every, cron: exactly one of them is given; None and "" stand for the other.
    timezone: where `cron` is meant, and where the publisher's times are read.
    topics: filters that apply; None means all.
    news, no_news: fields whose change is told, or is not, against the connector's own choice.
    line: where it stands in sources.yaml.
    """

    id: str
    name: str
    kind: str
    connector: BaseConnector
    jurisdiction: str
    every: timedelta | None
    cron: str
    timezone: str
    topics: tuple[str, ...] | None = None
    expect: Expectation | None = None
    documents: bool = True
    enabled: bool = True
    news: tuple[str, ...] = ()
    no_news: tuple[str, ...] = ()
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a filter must match or reject; `place` is its file and line."""

    topic: str
    text: str
    matches: bool
    place: str


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that stands in the YAML of one folder.

    named_hosts: (host, port) of sources.yaml's URLs that are plainly no public ones (localhost,
        10.0.0.5, printer.local), and of `private_hosts`; only these may lead to private addresses.
    examples: of all filters, each with its place.
    warnings: what is probably a mistake, each with its place.
    """

    root: Path
    sources: tuple[Source, ...]
    filters: FilterSet
    monitor: MonitorSettings
    named_hosts: frozenset[tuple[str, int]] = frozenset()
    examples: tuple[Example, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """Name every channel that the configuration can send to, each once, in order."""
        slack = self.monitor.slack
        named = {slack.default, slack.health or slack.default}
        named |= {channel for route in slack.routes for channel in route.to}
        named |= {channel for one in self.filters.filters for channel in one.channels}
        named |= {one.channel for one in self.monitor.digests if one.channel}
        return tuple(sorted(named))

    def source(self, id: str) -> Source | None:  # noqa: A002 - the field's name
        """Find a source by its id; None where there is none."""
        return next((source for source in self.sources if source.id == id), None)
