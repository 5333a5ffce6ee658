"""By which name the pages are asked for, and what is shown to whom.

A page in somebody's browser can make a name of its own lead to 127.0.0.1 (DNS rebinding) and then
read what is shown there. It cannot choose the Host header: that names what the browser believes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from monitor.config.settings import MonitorSettings

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::[0-9]{1,5})?\.?")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Door(Enum):
    """Where a request comes in: from inside, or by the public name."""

    INSIDE = "inside"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Doors:
    """The names that the pages answer to.

    own: for everything. public: the host of public_url, for what mail links to alone; "" for none.
    prefix: the path of public_url, which a proxy may leave in. any_address: an address in numbers
    is as good as a name, where all addresses of the machine are listened on; nobody rebinds those.
    """

    own: frozenset[str]
    public: str = ""
    prefix: str = ""
    any_address: bool = False

    @classmethod
    def of(cls, settings: MonitorSettings) -> Self:
        """Read them from monitor.yaml."""
        listen = settings.web.listen[0] if settings.web else ""
        names = settings.web.names if settings.web else ()
        public = urlsplit(settings.public_url or "")
        return cls(
            own=_LOCAL | {listen, *names},
            public=(public.hostname or "").rstrip("."),
            prefix=public.path.rstrip("/"),
            any_address=listen in {"0.0.0.0", "::"},  # noqa: S104 - only as configured
        )

    def door(self, host: str) -> Door | None:
        """Say by which door a request with this Host header comes in; None for by none."""
        found = _HOST.fullmatch(host.lower())
        if found is None:
            return None
        name = found["name"].strip("[]").rstrip(".")
        if name in self.own:
            return Door.INSIDE
        if self.public and name == self.public:
            return Door.PUBLIC
        return Door.INSIDE if self.any_address and _is_address(name) else None

    def path(self, path: str) -> str:
        """Take the public address's own path out of a request's."""
        if self.prefix and path.startswith(f"{self.prefix}/"):
            return path.removeprefix(self.prefix)
        return path


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
