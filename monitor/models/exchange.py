"""One HTTP exchange, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.models.words import Access

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """Where a secret goes in a request. It names the secret; only the fetcher knows its value.

    variable: the environment variable, e.g. LEGISTAR_TOKEN_NYC.
    place, name: "query" or "header", and the parameter's or header's name.
    template: how the value is written, e.g. "Token {}".
    required: without the secret the request is not sent.
    hosts: whose service it is for; to others it is not sent, whatever address the YAML gives.
    """

    variable: str
    place: str
    name: str
    template: str = "{}"
    required: bool = True
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, without its secrets.

    step, about: the connector's own words; they come back with the response.
    conditional: send the validators of the last visit, and treat an equal body as unchanged.
    optional: a failure is noted, and the rest of the poll stands.
    pace: at least this many seconds between two requests to the host.
    """

    url: str
    method: str = "GET"
    headers: Pairs = ()
    body: bytes = b""
    access: Access = Access.API
    step: str = ""
    about: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    conditional: bool = True
    optional: bool = False
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a URL's last usable answer carried, for conditional requests and equal bodies."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, decoded and bounded; `url` is where redirects ended, names in lower case.

    unchanged: 304, or the body equals the last one; the body is then empty.
    """

    request: Request
    url: str
    status: int
    headers: Pairs
    body: bytes
    fetched_at: datetime
    unchanged: bool = False
    validators: Validators = Validators()

    def header(self, name: str) -> str:
        """Return a header's first value, "" where it is missing; `name` in lower case."""
        return next((value for key, value in self.headers if key == name), "")
