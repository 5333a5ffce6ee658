"""Connectors: one module a kind, registered by itself; its fields are the options in YAML.

A connector is pure. It says which requests begin a poll, and reads each answer into entries or
further requests; it knows neither the clock nor the network nor a secret's value.

To add a kind, add one module to this folder and one recording to tests/recordings. Nothing else
lists kinds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from monitor.models import Pairs, Parsed, Poll, Request, Response


class BaseConnector(BaseModel, ABC):
    """What all connectors share: frozen options, unknown ones refused.

    kind: the word in YAML.
    platform: whose pace applies (`pace:` in monitor.yaml can change it).
    pace: seconds between two requests to one host.
    window: the answer holds only the newest entries, so that a full list without any known entry
        means that some were missed.
    span: how long an entry stays in such a list, where the publisher says so (PACER: 24 hours).
    lists_all: every poll answers with all that holds, so that what is missing three times is gone.
    lists_upcoming: a poll can show every meeting to come; where it did, parsing yields a `Reach`,
        and a meeting that is missing three times was taken off the calendar.
    increments: a poll answers with what changed since the last one, so that nothing means no news.

    An answer that equals the last one is not parsed again: where it leads to further requests, or
    where each poll counts (`lists_all`, `lists_upcoming`), send all requests with
    `conditional=False`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: ClassVar[str] = ""
    platform: ClassVar[str] = ""
    pace: ClassVar[float] = 1.0
    window: ClassVar[bool] = False
    span: ClassVar[timedelta | None] = None
    lists_all: ClassVar[bool] = False
    lists_upcoming: ClassVar[bool] = False
    increments: ClassVar[bool] = False

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the environment variables without which this source cannot be polled."""
        return ()

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Return the options with which an address is polled, or None where it is not this kind's.

        url: what a person copied from the browser; page: the HTML behind it, "" where none came.
        Values are what YAML would hold, as text. The most specific kind is asked first.
        """
        del url, page
        return None

    @abstractmethod
    def requests(self, poll: Poll) -> Iterable[Request]:
        """Say which requests begin a poll."""

    @abstractmethod
    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read one answer; raises SoftError or FormatError where it is none."""


_kinds: dict[str, type[BaseConnector]] = {}


def register(connector: type[BaseConnector]) -> type[BaseConnector]:
    """Make a connector known under its kind; a class decorator."""
    if not connector.kind or connector.kind in _kinds:
        raise ValueError(f"kind {connector.kind!r} is empty or taken")
    _kinds[connector.kind] = connector
    return connector


class _Kinds(Mapping[str, type[BaseConnector]]):
    """The kinds by their words; a module of this folder is loaded when its kind is asked for.

    Some load a parser of HTML, or compare texts: 10 MB that a monitor of feeds does not need.
    """

    def __init__(self) -> None:
        found = (module.name for module in iter_modules(__path__))
        self._names = tuple(sorted(name for name in found if not name.startswith("_")))

    def __getitem__(self, kind: str) -> type[BaseConnector]:
        if kind not in self._names:
            raise KeyError(kind)
        if kind not in _kinds:
            import_module(f"{__name__}.{kind}")
        return _kinds[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def kinds() -> Mapping[str, type[BaseConnector]]:
    """Return every kind by its word in YAML, which is also its module's name."""
    return _Kinds()
