"""How to behave towards publishers: who we are, how long we wait, how much we take."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.errors import ConfigError

PRODUCT = "immigration-policy-monitor"
"""Our product token: the name that robots.txt files address (RFC 9309 section 2.2.1)."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Bounds and manners of every request; plain values, so that a worker can be given them.

    contact: an address or a page at which a publisher reaches us; stands in the User-Agent, and
        must be ASCII (ConfigError).
    connect_seconds, read_seconds: longest silence while connecting, and between two pieces.
    total_seconds: longest duration of one answer with its redirects, waiting for turns apart.
    max_bytes: largest body, counted as sent and again when decompressed.
    pace: at least this many seconds between two requests to one host.
    host_paces: (host or parent domain, seconds); takes the place of `pace` and of the request's.
    named_hosts: (host, port) that the configuration names: their private addresses are allowed.
    crawl_delay_most: longest pause that a robots.txt can ask for, in seconds.
    retry_after_most: longest closure of a host that its Retry-After can ask for, in seconds.
    wait_most: a host that is closed for no longer than this is waited for, in seconds.
    """

    contact: str
    version: str = "0.1.0"
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 25_000_000
    max_redirects: int = 5
    pace: float = 1.0
    host_paces: tuple[tuple[str, float], ...] = ()
    named_hosts: frozenset[tuple[str, int]] = frozenset()
    crawl_delay_most: float = 30.0
    retry_after_most: float = 6 * 3600.0
    wait_most: float = 3.0

    def __post_init__(self) -> None:
        if not (self.contact.isascii() and self.contact.isprintable() and self.contact):
            raise ConfigError((f"contact: {self.contact!r} cannot stand in the User-Agent",))

    @property
    def user_agent(self) -> str:
        """Say who asks, in the form that the firewalls of .gov sites accept."""
        return f"Mozilla/5.0 (compatible; {PRODUCT}/{self.version}; +{self.contact})"

    def pause_for(self, host: str, wished: float) -> float:
        """Return the pause between two requests to `host`; the request wishes for `wished`."""
        for name, seconds in self.host_paces:
            if host == name or host.endswith("." + name):
                return seconds
        return max(self.pace, wished)
