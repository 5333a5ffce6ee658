"""Finds the hosts of one's own machine and network that sources.yaml names: only they may be asked.

A name of the public internet is none of them, whatever its name server says today: a lapsed domain
that leads to 10.0.0.1 would have its pages posted to the channels.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from monitor.config.complaints import Complaints, Spot
from monitor.config.tree import Mapping, Node, Sequence, texts

_PORTS = {"http": 80, "https": 443}
# Names that no public name server answers for: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, and
# those that home routers and offices give.
_PRIVATE_ENDS = frozenset(
    {"localhost", "local", "internal", "test", "arpa", "lan", "home", "corp", "intranet"}
)


def own_hosts(listed: Node | None, complaints: Complaints) -> frozenset[tuple[str, int]]:
    """Find (host, port) of the URLs in the sources' options that are plainly no public ones.

    Notes do not count. Each is warned of: what it answers is posted to the channels.
    """
    hosts = set()
    for text, spot in _written(listed):
        place = _place(text)
        if place is None or not _is_own(place[0]):
            continue
        if place not in hosts:
            complaints.warn(
                spot,
                f"'{place[0]}' is in your own network: what it answers is posted to the channels "
                "(is that meant?)",
            )
        hosts.add(place)
    return frozenset(hosts)


def leads_inside(url: str) -> bool:
    """Say whether an address names a host of one's own machine or network."""
    place = _place(url)
    return place is not None and _is_own(place[0])


def _written(listed: Node | None) -> Iterator[tuple[str, Spot]]:
    for source in listed.items if isinstance(listed, Sequence) else ():
        options = source.without(frozenset({"note"})) if isinstance(source, Mapping) else source
        for text in texts(options):
            yield text.text, text.spot


def _place(text: str) -> tuple[str, int] | None:
    if "://" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        name = (parts.hostname or "").rstrip(".").encode("idna" if not text.isascii() else "ascii")
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not name:
        return None
    return name.decode(), _PORTS[parts.scheme] if port is None else port


def _is_own(name: str) -> bool:
    """Say whether a name stands for a machine without asking the public name servers."""
    try:
        return not ip_address(name.partition("%")[0]).is_global
    except ValueError:
        return "." not in name or name.rpartition(".")[2] in _PRIVATE_ENDS
