"""Puts secrets into requests at the last moment, and takes them out of all that comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote_plus

from monitor.errors import Refused
from monitor.models import Credential, Request

_HIDDEN = "[hidden]"
_SHORTEST_SECRET = 6  # anything shorter is no secret, and stands in every body by chance


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The secrets that one request carries; built by `keyring_of`, never shown.

    keys: each credential with its written value.
    spellings: all ways in which a secret may stand in text, the longest first.
    """

    keys: tuple[tuple[Credential, str], ...] = ()
    spellings: tuple[str, ...] = ()

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that carry secrets."""
        return [(key.name, value) for key, value in self.keys if key.place == "header"]

    def check_host(self, host: str) -> None:
        """Raise Refused where a secret is for another service than that of `host`."""
        for key, _ in self.keys:
            if key.hosts and host not in key.hosts:
                raise Refused(
                    "", f"{key.variable} is for {' and '.join(key.hosts)}, not for {host}"
                )

    def open(self, url: str) -> str:
        """Return the URL with its secret parameters, for the wire alone."""
        wanted = [(key.name, value) for key, value in self.keys if key.place == "query"]
        if not wanted:
            return url
        url = self.strip(url).partition("#")[0]
        added = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in wanted)
        return f"{url}{'&' if '?' in url else '?'}{added}"

    def strip(self, url: str) -> str:
        """Return the URL without its secret parameters and without any secret elsewhere in it."""
        names = {key.name.lower() for key, _ in self.keys if key.place == "query"}
        before, mark, query = url.partition("?")
        if not names or not mark:
            return self.hide(url)
        kept = [
            pair
            for pair in query.split("&")
            if unquote_plus(pair.partition("=")[0]).lower() not in names
        ]
        return self.hide(before + (mark + "&".join(kept) if kept else ""))

    def hide(self, text: str) -> str:
        """Return text with every spelling of every secret blotted out."""
        for spelling in self.spellings:
            text = text.replace(spelling, _HIDDEN)
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """Return a body in which no secret stands: some publishers repeat the request's URL."""
        for spelling in self.spellings:
            if len(spelling) >= _SHORTEST_SECRET:
                body = body.replace(spelling.encode(), _HIDDEN.encode())
        return body


_NO_KEYS = Keyring()


def keyring_of(request: Request, secrets: Mapping[str, str]) -> Keyring:
    """Find the secrets that a request names; an optional one that is missing is left out.

    Raises Refused where a required one is missing, or one cannot stand in a request.
    """
    keys: list[tuple[Credential, str]] = []
    for credential in request.credentials:
        secret = secrets.get(credential.variable, "").strip()
        if not secret and credential.required:
            raise Refused(request.url, f"needs a key or token: set {credential.variable}")
        if not secret:
            continue
        if not (secret.isascii() and secret.isprintable()):
            raise Refused(
                request.url,
                f"{credential.variable} holds a character that cannot stand in a request "
                "(a line break?)",
            )
        keys.append((credential, credential.template.format(secret)))
    return Keyring(tuple(keys), _spellings(keys)) if keys else _NO_KEYS


def _spellings(keys: list[tuple[Credential, str]]) -> tuple[str, ...]:
    """List how each secret may be written, the longest first."""
    found: set[str] = set()
    for credential, value in keys:
        before, _, after = credential.template.partition("{}")
        bare = value.removeprefix(before).removesuffix(after)
        for secret in (value, bare):
            found |= {secret, quote(secret, safe=""), quote(secret), quote_plus(secret)}
            found.add(secret.replace("/", "\\/"))
    return tuple(sorted(found, key=len, reverse=True))
