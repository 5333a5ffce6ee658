"""Reads sources.yaml: common options, the options of each kind, and what must hold between them."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from monitor.config.complaints import Complaints, Spot, did_you_mean
from monitor.config.fields import (
    Cron,
    Expected,
    Id,
    Interval,
    Jurisdiction,
    OneOrMany,
    Options,
    Zone,
    written_length,
)
from monitor.config.fields import Said as Text
from monitor.config.hosts import own_hosts
from monitor.config.model import Source
from monitor.config.options import (
    option_names,
    read_options,
    root_mapping,
    unknown_option,
)
from monitor.config.tree import Document, Mapping, Node, Scalar, Sequence, texts
from monitor.connectors import BaseConnector
from monitor.jurisdictions import court, label, state_of, suggestion, timezone_of

Kinds = Lookup[str, type[BaseConnector]]

EVERY = timedelta(hours=1)
WINDOW_EVERY = timedelta(hours=6)
_CURE = "write sources:, and below it one '- id: …' for each source"


class DefaultOptions(Options):
    """What holds for every source that does not say otherwise."""

    every: Interval | None = Field(default=None, description="how often it is polled; default 1h")
    cron: Cron | None = Field(default=None, description='when, as in "0 7-19 * * mon-fri"')
    timezone: Zone | None = Field(
        default=None, description="of `cron` and of the publisher's times; default: where it is"
    )
    topics: Annotated[tuple[Id, ...], OneOrMany()] | None = Field(
        default=None, description="which filters apply; default: all"
    )
    expect: Expected | None = Field(
        default=None, description="fewer entries, and the source is reported as silent"
    )
    documents: bool | None = Field(default=None, description="read attachments; default true")
    enabled: bool | None = Field(default=None, description="false: it is not polled")
    news: Annotated[tuple[Text, ...], OneOrMany()] | None = Field(
        default=None, description="fields whose change is told too, such as [sponsors]"
    )
    no_news: Annotated[tuple[Text, ...], OneOrMany()] | None = Field(
        default=None, description="fields whose change is kept and not told, such as [version]"
    )


class SourceOptions(DefaultOptions):
    """What every source can say, whatever its kind."""

    id: Id = Field(description="its name in commands and in the database; unique, never reused")
    kind: Text = Field(description="which connector reads it")
    name: Text | None = Field(default=None, description="its name for people")
    jurisdiction: Jurisdiction | None = Field(
        default=None, description="where it belongs: ny/new_york, ny, us, or a court's id"
    )
    note: Text | None = Field(default=None, description="why it is watched, for maintainers")


_COMMON = frozenset(option_names(SourceOptions))


@dataclass(frozen=True, slots=True)
class SourcesFile:
    """What sources.yaml says, and where each source's topics stand, to be checked later."""

    sources: tuple[Source, ...] = ()
    topic_spots: tuple[tuple[str, Spot], ...] = ()
    named_hosts: frozenset[tuple[str, int]] = frozenset()
    ids: frozenset[str] = frozenset()


def read_sources(document: Document | None, kinds: Kinds, complaints: Complaints) -> SourcesFile:
    """Read every source, disabled ones too; the faulty ones are left out, with complaints."""
    root = root_mapping(document, _CURE, complaints)
    if root is None:
        return SourcesFile()
    names = ("defaults", "sources")
    for name, spot, _ in root.without(frozenset(names)).pairs:
        unknown_option(name, spot, names, complaints)
    reader = _Reader(kinds, complaints, _defaults(root, complaints))
    listed = root.get("sources")
    if listed is None:
        complaints.add(root.spot, f"option 'sources' is missing ({_CURE})")
    elif not isinstance(listed, Sequence):
        complaints.add(root.key_spot("sources"), f"sources should be a list ({_CURE})")
    else:
        if not listed.items:
            complaints.warn(root.key_spot("sources"), "no sources: nothing is watched")
        for node in listed.items:
            reader.read(node)
    return SourcesFile(
        tuple(reader.sources),
        (*reader.topic_spots, *_topic_spots(root.get("defaults"))),
        own_hosts(listed, complaints),
        frozenset(reader.ids),
    )


def _defaults(root: Mapping, complaints: Complaints) -> DefaultOptions:
    node = root.get("defaults")
    if isinstance(node, Mapping):
        _check_common(node, complaints)
        return read_options(DefaultOptions, node, complaints) or DefaultOptions()
    if node is not None:
        complaints.add(root.key_spot("defaults"), "defaults should be options (every: 1h)")
    return DefaultOptions()


@dataclass(slots=True)
class _Reader:
    """Reads one source after the other, and remembers what must be unique."""

    kinds: Kinds
    complaints: Complaints
    defaults: DefaultOptions
    sources: list[Source] = field(default_factory=list)
    ids: dict[str, Spot] = field(default_factory=dict)
    topic_spots: list[tuple[str, Spot]] = field(default_factory=list)
    asked: dict[str, Source] = field(default_factory=dict)

    def read(self, node: Node) -> None:
        """Read one entry of the list."""
        if not isinstance(node, Mapping):
            self.complaints.add(node.spot, f"a source should be options ({_CURE})")
            return
        self._claim_id(node)
        self.topic_spots += _topic_spots(node)
        _check_common(node, self.complaints)
        common = read_options(SourceOptions, node.only(_COMMON), self.complaints)
        connector = self._connector(node)
        place = self._place(node, common, connector)
        if common is not None and connector is not None:
            source = self._source(node, common, connector, place)
            self._doubt(node, source)
            self.sources.append(source)

    def _claim_id(self, node: Mapping) -> None:
        written = node.get("id")
        if not isinstance(written, Scalar):
            return
        spot = node.key_spot("id")
        if before := self.ids.get(written.text):
            self.complaints.add(
                spot, f"the id '{written.text}' is taken by the source on line {before.line}"
            )
        self.ids.setdefault(written.text, spot)

    def _connector(self, node: Mapping) -> BaseConnector | None:
        written = node.get("kind")
        if not isinstance(written, Scalar) or not isinstance(written.value, str):
            return None
        kind = self.kinds.get(written.value)
        rest = node.without(_COMMON)
        if kind is None:
            self.complaints.add(
                node.key_spot("kind"),
                f"unknown kind '{written.value}'{did_you_mean(written.value, self.kinds)}",
            )
            return None
        own = option_names(kind)
        known = (*option_names(SourceOptions), *own)
        for name, spot, _ in rest.pairs:
            if name not in own:
                unknown_option(name, spot, known, self.complaints)
        options = rest.only(frozenset(own))
        return read_options(kind, options, self.complaints, f"kind '{written.value}'")

    def _place(
        self, node: Mapping, common: SourceOptions | None, connector: BaseConnector | None
    ) -> str:
        """Say where a source belongs: where it says, else to the court that it reads."""
        written = (common and common.jurisdiction) or ""
        if node.get("court") is None:
            if node.get("jurisdiction") is None:
                self.complaints.add(
                    node.spot, "option 'jurisdiction' is missing (write us, ny, or ny/new_york)"
                )
            return written
        sits = getattr(connector, "court", None)
        if not isinstance(sits, str):
            return written
        found = court(sits)
        if found is None:
            near = suggestion(sits)
            cure = f" (did you mean '{near}'?)" if court(near) else ""
            self.complaints.add(node.key_spot("court"), f"no such court: '{sits}'{cure}")
        return written or (found.id if found else "")

    def _source(
        self, node: Mapping, common: SourceOptions, connector: BaseConnector, place: str
    ) -> Source:
        default = self.defaults
        cron, every = common.cron, common.every
        if not cron and not every:
            cron, every = default.cron, default.every
        return Source(
            id=common.id,
            name=common.name or common.id,
            kind=common.kind,
            connector=connector,
            jurisdiction=place,
            every=None if cron else every or EVERY,
            cron=cron or "",
            timezone=common.timezone or default.timezone or timezone_of(place),
            topics=common.topics or default.topics or None,
            expect=common.expect or default.expect,
            documents=_first(common.documents, default.documents),
            enabled=_first(common.enabled, default.enabled),
            news=common.news or default.news or (),
            no_news=common.no_news or default.no_news or (),
            note=common.note or "",
            line=node.spot.line,
        )

    def _doubt(self, node: Mapping, source: Source) -> None:
        own_zone = timezone_of(source.jurisdiction)
        if (
            node.get("timezone") is None
            and (court(source.jurisdiction) or state_of(source.jurisdiction))
            and not _same_time(own_zone, source.timezone)
        ):
            self.complaints.warn(
                node.spot,
                f"timezone {source.timezone} comes from defaults, but {label(source.jurisdiction)} "
                f"keeps {own_zone}: its times would be misread (write timezone: {own_zone} here, "
                "or take timezone out of defaults)",
            )
        if source.connector.window and source.every and source.every > WINDOW_EVERY:
            self.complaints.warn(
                node.key_spot("every"),
                f"every {written_length(source.every)} is too seldom: this publisher shows new "
                f"entries for a day only (write {written_length(WINDOW_EVERY)} or less)",
            )
        other = self.asked.setdefault(f"{source.kind} {source.connector!r}", source)
        if source.enabled and other.enabled and other is not source:
            self.complaints.warn(
                node.spot, f"'{source.id}' asks for the same as '{other.id}' (line {other.line})"
            )


def _check_common(node: Mapping, complaints: Complaints) -> None:
    if node.get("every") and node.get("cron"):
        complaints.add(node.key_spot("cron"), "give either every or cron, not both")
    topics = node.get("topics")
    if isinstance(topics, Sequence) and not topics.items:
        complaints.add(node.key_spot("topics"), "topics is empty (for all topics take it out)")


def _first(*values: bool | None) -> bool:
    return next((value for value in values if value is not None), True)


def _same_time(one: str, other: str) -> bool:
    """Compare zones by what their clocks show, in winter and in summer."""
    moments = (datetime(2026, month, 1) for month in (1, 7))  # noqa: DTZ001 - the zone is put on it
    return all(
        moment.replace(tzinfo=ZoneInfo(one)).utcoffset()
        == moment.replace(tzinfo=ZoneInfo(other)).utcoffset()
        for moment in moments
    )


def _topic_spots(node: Node | None) -> tuple[tuple[str, Spot], ...]:
    written = node.get("topics") if isinstance(node, Mapping) else None
    return tuple((text.text, text.spot) for text in texts(written)) if written else ()
