"""The only HTTP for sources: fetcher, archive and replay.

settings   who we are, how long we wait, how much we take
http       HttpFetcher: one request with its redirects, made into a Response or an error
credentials · robots · hosts (turns and pauses) · asking (one exchange) · body (bounds)
wire · addresses (what may be connected to) · hops (redirects) · answers · soft
archive    one WARC file a day; warc reads and writes the records
heartbeat  the address that waits for a sign of life
replay     ReplayTransport: WARC files in place of the network; moments: "the same, but later"
"""

from monitor.fetch.archive import Archive, append
from monitor.fetch.chosen import fetch_settings
from monitor.fetch.heartbeat import ping
from monitor.fetch.http import HttpFetcher
from monitor.fetch.replay import ReplayTransport
from monitor.fetch.settings import PRODUCT, FetchSettings

__all__ = [
    "PRODUCT",
    "Archive",
    "FetchSettings",
    "HttpFetcher",
    "ReplayTransport",
    "append",
    "fetch_settings",
    "ping",
]
