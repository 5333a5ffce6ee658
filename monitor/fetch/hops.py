"""One hop of a request on its way, and where a redirect leads it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import httpx

from monitor.errors import FetchError, Refused
from monitor.fetch.credentials import Keyring
from monitor.models import Pairs, Request

_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 8_000
_LAST_PORT = 65_535
_FOR_ONE_HOST = frozenset({"authorization", "cookie", "proxy-authorization"})
_OF_A_BODY = frozenset({"content-type", "content-length", "content-encoding"})
_BECOMES_GET = frozenset({301, 302, 303})  # RFC 9110 section 15.4, as browsers do


@dataclass(frozen=True, slots=True)
class Hop:
    """What is sent next; `url` holds the secrets, and is for the wire alone.

    host: in ASCII and lower case, the key of turns and pauses.
    secret_headers: headers that carry secrets; they go to this host only.
    cookies: what this host has set on the way; forgotten with the last hop.
    """

    url: httpx.URL
    method: str
    headers: Pairs
    body: bytes = b""
    secret_headers: Pairs = ()
    cookies: Pairs = ()
    carries_secrets: bool = False
    redirected: bool = False

    @property
    def host(self) -> str:
        """Return the host as it is resolved."""
        return self.url.raw_host.decode("ascii").lower()

    @property
    def place(self) -> tuple[str, int]:
        """Return host and port."""
        return self.host, self.url.port or _PORTS[self.url.scheme]

    @property
    def site(self) -> str:
        """Return scheme, host and port: what one robots.txt speaks for."""
        return f"{self.url.scheme}://{self.url.netloc.decode('ascii')}"

    @property
    def encrypted(self) -> bool:
        """Say whether nobody on the way can read it."""
        return self.url.scheme == "https"

    def all_headers(self) -> list[tuple[str, str]]:
        """Return every header to send."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies)
        cookies = [("Cookie", cookie)] if cookie else []
        return [*self.headers, *self.secret_headers, *cookies]


def first_hop(request: Request, keyring: Keyring, headers: Pairs) -> Hop:
    """Put a request with its secrets on its way; raises Refused where its URL cannot be used."""
    return Hop(
        url=_usable(keyring.open(request.url), "is"),
        method=request.method.upper(),
        headers=headers,
        body=request.body,
        secret_headers=tuple(keyring.headers()),
        carries_secrets=bool(keyring.keys),
    )


def next_hop(hop: Hop, status: int, headers: Pairs, keyring: Keyring) -> Hop:
    """Follow a redirect; secrets and cookies stay with the host that they were meant for.

    Raises Refused where it leads to no usable address.
    """
    location = next(value for name, value in headers if name == "location")
    try:
        target = hop.url.join(location.strip())
    except (httpx.InvalidURL, ValueError) as broken:
        raise FetchError("", "redirects to no usable address", status) from broken
    trusted = target.raw_host == hop.url.raw_host and _same_or_encrypted(hop.url, target)
    keeps = hop.carries_secrets and trusted
    address = keyring.open(str(target)) if keeps else _without(str(target), keyring)
    becomes_get = status in _BECOMES_GET and hop.method != "GET"
    dropped = (frozenset() if trusted else _FOR_ONE_HOST) | (_OF_A_BODY if becomes_get else set())
    return Hop(
        url=_usable(address, "redirects to"),
        method="GET" if becomes_get else hop.method,
        headers=tuple(pair for pair in hop.headers if pair[0].lower() not in dropped),
        body=b"" if becomes_get else hop.body,
        secret_headers=hop.secret_headers if keeps else (),
        cookies=_cookies(hop.cookies, headers) if trusted else (),
        carries_secrets=keeps,
        redirected=True,
    )


def _usable(url: str, verb: str) -> httpx.URL:
    """Parse an address of http or https without a user in it; raises Refused."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as broken:
        raise Refused("", f"{verb} no usable address") from broken
    if parsed.scheme not in _PORTS or not parsed.raw_host:
        raise Refused("", f"{verb} no address of http or https")
    if b"%" in parsed.raw_host or (parsed.port or 0) > _LAST_PORT:
        raise Refused("", f"{verb} no usable address")
    if parsed.userinfo:
        raise Refused("", f"{verb} an address with a user name or password in it")
    if len(url) > _LONGEST_URL:
        raise Refused("", f"{verb} an address longer than {_LONGEST_URL:,} characters")
    return parsed


def _same_or_encrypted(before: httpx.URL, target: httpx.URL) -> bool:
    """Say whether a hop on one host keeps its port, or goes from plain http to https."""
    if target.scheme == before.scheme:
        return target.port == before.port
    return target.scheme == "https" and before.port is None and target.port is None


def _without(url: str, keyring: Keyring) -> str:
    """Take our secrets out of an address at another host; a publisher may copy them there."""
    if not keyring.keys:
        return url
    spelled = any(secret in unquote(url) or secret in url for secret in keyring.spellings)
    return keyring.strip(url) if spelled else url


def _cookies(before: Pairs, headers: Pairs) -> Pairs:
    """Add the cookies of one answer: some sites redirect until theirs come back."""
    jar = dict(before)
    for name, value in headers:
        if name == "set-cookie":
            key, mark, said = value.partition(";")[0].partition("=")
            if mark and key.strip():
                jar[key.strip()] = said.strip()
    return tuple(jar.items())
