"""Loads the configuration of one folder: everything is read and checked before anything runs.

sources.yaml   filters/*.yaml   monitor.yaml
      └──────────── each alone ───────┘
          then what must hold between them: topics, sources of routes, platforms
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.alerts import LITIGATION, WATCHED
from monitor.config.complaints import Complaints, Spot, did_you_mean, looks_secret
from monitor.config.environment import secrets
from monitor.config.filters import FilterFile, excluding, read_everywhere, read_filter, topic_of
from monitor.config.model import Config, Source
from monitor.config.options import read_options, root_mapping
from monitor.config.settings import CONSOLE, MonitorSettings
from monitor.config.sources import Kinds, SourcesFile, read_sources
from monitor.config.tree import Document, Mapping, Node, Sequence, texts
from monitor.config.ways import APPRISE, INSTALL, apprise_installed, variable
from monitor.config.yamlfile import read_yaml
from monitor.connectors import kinds as all_kinds
from monitor.errors import ConfigError
from monitor.matching import FilterSet

SOURCES, FILTERS, MONITOR = "sources.yaml", "filters", "monitor.yaml"
EVERYWHERE = "_everywhere.yaml"
_CURES = {
    SOURCES: "write what to watch: sources:, and below it one '- id: …' for each source",
    MONITOR: "write at least one line: contact: you@your-coalition.org",
}


@dataclass(frozen=True, slots=True)
class _Filters:
    """The filters that are right, and the topics that any file claims, right or not."""

    files: tuple[FilterFile, ...]
    topics: tuple[str, ...]
    documents: tuple[Document, ...]


def load(
    directory: Path, environ: Lookup[str, str] | None = None, *, kinds: Kinds | None = None
) -> Config:
    """Load and check a folder's YAML; raises ConfigError with every complaint at once.

    environ: where given, missing and unreadable secrets are reported too: the unreadable as
        complaints, those that an enabled source lacks as warnings.
    kinds: the connectors by kind; those of the registry where not given.
    """
    complaints = Complaints()
    known = all_kinds() if kinds is None else kinds
    sources = read_sources(_read(directory, SOURCES, complaints), known, complaints)
    filters = _read_filters(directory, complaints)
    document = _read(directory, MONITOR, complaints)
    monitor = _read_monitor(document, complaints)
    _check_topics(sources, filters.topics, complaints)
    if document is not None:
        _check_routes(document.root, sources, filters.topics, complaints)
        _check_paces(document.root, sources, known, complaints)
    if environ is not None:
        _check_ways((document, *filters.documents), environ, complaints)
    unreadable = _check_environment(sources.sources, environ, complaints)
    if complaints.faults or unreadable or monitor is None:
        raise ConfigError((*complaints.faults, *unreadable))
    return Config(
        root=directory,
        sources=sources.sources,
        filters=FilterSet(tuple(file.filter for file in filters.files)),
        monitor=monitor,
        named_hosts=sources.named_hosts | frozenset(monitor.fetch.private_hosts),
        examples=tuple(example for file in filters.files for example in file.examples),
        warnings=complaints.doubts,
    )


def _read(directory: Path, name: str, complaints: Complaints) -> Document | None:
    path = directory / name
    if not path.is_file():
        near = path.with_suffix(".yml")
        cure = f"rename {near.name}" if near.is_file() else _CURES.get(name, "")
        complaints.add(Spot(name), f"is missing in {directory} ({cure})")
        return None
    document = read_yaml(path, name, complaints)
    if document is not None:
        _refuse_secrets(document, complaints)
    return document


def _refuse_secrets(document: Document, complaints: Complaints) -> None:
    for number, line in enumerate(document.lines, 1):
        if looks_secret(line):
            complaints.add_secret(Spot(document.name, number))


def _read_filters(directory: Path, complaints: Complaints) -> _Filters:
    folder = directory / FILTERS
    paths = [
        path
        for path in sorted(folder.glob("*.yaml"))
        if path.name != EVERYWHERE and not path.name.startswith(".")
    ]
    if not paths:
        cure = f"write one topic a file, as in {FILTERS}/287g.yaml"
        complaints.add(Spot(f"{FILTERS}/"), f"there is no filter in {folder} ({cure})")
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*/*.yaml"), *folder.glob("*/*.yml"))):
        name = path.relative_to(directory).as_posix()
        complaints.add(Spot(name), f"is not read (move it to {FILTERS}/{path.stem}.yaml)")
    files: list[FilterFile] = []
    documents: list[Document] = []
    claims: dict[str, Spot] = {}
    shared = directory / FILTERS / EVERYWHERE
    common = _read(directory, f"{FILTERS}/{EVERYWHERE}", complaints) if shared.is_file() else None
    everywhere = read_everywhere(common, complaints) if common is not None else ""
    for path in paths:
        document = _read(directory, f"{FILTERS}/{path.name}", complaints)
        documents += [document] if document is not None else []
        claim = topic_of(document) if document is not None else None
        topic, spot = claim or (path.stem, Spot(path.name))
        if claim and topic in claims:
            complaints.add(spot, f"the topic '{topic}' is taken by {claims[topic]} (rename one)")
        claims.setdefault(topic, spot)
        read = read_filter(document, complaints) if document is not None else None
        if read:
            files.append(replace(read, filter=excluding(read.filter, everywhere)))
        else:
            claims.setdefault(path.stem, spot)
    return _Filters(tuple(files), tuple(claims), tuple(documents))


def _read_monitor(document: Document | None, complaints: Complaints) -> MonitorSettings | None:
    root = root_mapping(document, _CURES[MONITOR], complaints)
    if root is None:
        return None
    settings = read_options(MonitorSettings, root, complaints)
    if settings is None:
        return None
    ids: set[str] = set()
    for digest, node in zip(settings.digests, _items(root.get("digests")), strict=True):
        if digest.id in ids:
            complaints.add(node.spot, f"the digest '{digest.id}' stands twice (ids are unique)")
        ids.add(digest.id)
    if settings.contact.endswith(("example.org", "example.com", "example.net")):
        complaints.warn(
            root.key_spot("contact"), f"contact is still the example '{settings.contact}'"
        )
    if settings.slack.default == CONSOLE and root.get("slack") is not None:
        complaints.warn(
            root.key_spot("slack"),
            'slack has no default: alerts that no route takes are only printed (default: "#name")',
        )
    _check_web(settings, root, complaints)
    return settings


def _check_web(settings: MonitorSettings, root: Mapping, complaints: Complaints) -> None:
    """Warn where nobody answers at the public address, and where strangers could read along."""
    web = settings.web
    if settings.public_url and web is None:
        complaints.warn(
            root.key_spot("public_url"),
            "nobody answers at public_url: subscribers cannot confirm, and not leave by a click "
            "(add web: {listen: 127.0.0.1:8287})",
        )
    if web is not None and web.is_exposed:
        complaints.warn(
            root.key_spot("web"),
            f"web listens on {web.listen[0]}: whoever reaches port {web.listen[1]} reads matters, "
            "the names of channels, and each source's health (listen: 127.0.0.1:8287 is for this "
            "machine alone)",
        )


def _check_topics(sources: SourcesFile, topics: tuple[str, ...], complaints: Complaints) -> None:
    for topic, spot in sources.topic_spots:
        if topic not in topics:
            complaints.add(spot, f"no filter has the topic '{topic}'{did_you_mean(topic, topics)}")


def _check_routes(
    root: Node | None,
    sources: SourcesFile,
    topics: tuple[str, ...],
    complaints: Complaints,
) -> None:
    slack = root.get("slack") if isinstance(root, Mapping) else None
    for route in _items(slack.get("routes") if isinstance(slack, Mapping) else None):
        if not isinstance(route, Mapping):
            continue
        for name, known, what in (
            ("topic", (*topics, WATCHED, LITIGATION), "no filter has the topic"),
            ("source", tuple(sources.ids), "there is no source"),
        ):
            written = route.get(name)
            for text in texts(written) if written else ():
                if text.text not in known:
                    complaints.add(
                        text.spot, f"{what} '{text.text}'{did_you_mean(text.text, known)}"
                    )


def _check_paces(
    root: Node | None, sources: SourcesFile, kinds: Kinds, complaints: Complaints
) -> None:
    fetch = root.get("fetch") if isinstance(root, Mapping) else None
    pace = fetch.get("pace") if isinstance(fetch, Mapping) else None
    used = {source.connector.platform or source.kind for source in sources.sources}
    for name, spot, _ in pace.pairs if isinstance(pace, Mapping) else ():
        if "." in name or name in used:
            continue
        platforms = tuple(sorted({kind.platform or name for name, kind in kinds.items()}))
        if name not in platforms:
            complaints.add(spot, f"unknown platform '{name}'{did_you_mean(name, platforms)}")


def _check_ways(
    documents: tuple[Document | None, ...], environ: Lookup[str, str], complaints: Complaints
) -> None:
    """Look whether each channel with an address of its own has one, and what it takes to post."""
    told: set[str] = set()
    for document in documents:
        root = document.root if document is not None else None
        written = [root.get("slack"), root.get("channels")] if isinstance(root, Mapping) else []
        for text in (one for node in written if node for one in texts(node)):
            name = variable(text.text)
            if not name or text.text in told:
                continue
            told.add(text.text)
            if text.text.startswith(APPRISE) and not apprise_installed():
                complaints.add(
                    text.spot, f"'{text.text}' needs apprise, which is not installed ({INSTALL})"
                )
            if not (environ.get(name) or environ.get(f"{name}_FILE")):
                complaints.warn(
                    text.spot,
                    f"'{text.text}' gets nothing: {name} is not in the environment (set it)",
                )


def _check_environment(
    sources: tuple[Source, ...], environ: Lookup[str, str] | None, complaints: Complaints
) -> tuple[str, ...]:
    if environ is None:
        return ()
    needs = {name for source in sources for name in source.connector.needs}
    try:
        present = secrets(environ, needs)
    except ConfigError as fault:
        return fault.complaints
    for source in sources:
        missing = [name for name in source.connector.needs if name not in present]
        if source.enabled and missing:
            complaints.warn(
                Spot(SOURCES, source.line),
                f"'{source.id}' cannot be polled: {' and '.join(missing)} is not in the "
                "environment (set it, or write enabled: false)",
            )
    return ()


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
