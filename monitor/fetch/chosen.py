"""Translates the manners of monitor.yaml for the fetcher."""

from __future__ import annotations

from monitor.config import Config
from monitor.fetch.settings import FetchSettings


def fetch_settings(config: Config) -> FetchSettings:
    """Translate monitor.yaml's `fetch`, and the hosts that sources.yaml names."""
    options = config.monitor.fetch
    return FetchSettings(
        contact=config.monitor.contact,
        connect_seconds=options.connect.total_seconds(),
        read_seconds=options.silence.total_seconds(),
        total_seconds=options.timeout.total_seconds(),
        max_bytes=options.max_bytes,
        max_redirects=options.max_redirects,
        pace=0.0,
        host_paces=options.host_paces,
        named_hosts=config.named_hosts,
    )
