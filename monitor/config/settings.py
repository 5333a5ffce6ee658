"""The options of monitor.yaml, each with its default."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from itertools import product
from math import prod
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from monitor.alerts import Route, Routing
from monitor.config.fields import (
    Age,
    ChannelName,
    Contact,
    DirectionWord,
    HostName,
    HostPort,
    Hours,
    Id,
    Jurisdiction,
    Length,
    MailAddress,
    OneOrMany,
    Options,
    Paces,
    PriorityWord,
    PublicUrl,
    Said,
    Size,
    Weekly,
    Zone,
)
from monitor.floods import Manners
from monitor.models import Priority

CONSOLE = "console"
MOST_ROUTES = 1000
# Digests and reminders look back so far.
LEAST_KEPT = timedelta(days=90)


class RouteSettings(Options):
    """What meets every condition given goes to the channels; a list means any of its entries."""

    jurisdiction: Annotated[tuple[Jurisdiction, ...], OneOrMany()] = Field(
        default=(), description="where it happens: ny covers New York's cities, counties and courts"
    )
    topic: Annotated[tuple[Id, ...], OneOrMany()] = Field(
        default=(), description="the filter's topic; also watched and litigation"
    )
    direction: Annotated[tuple[DirectionWord, ...], OneOrMany()] = Field(
        default=(), description="limits, expands or unclear"
    )
    priority: Annotated[tuple[PriorityWord, ...], OneOrMany()] = Field(
        default=(), description="high, normal or low"
    )
    source: Annotated[tuple[Id, ...], OneOrMany()] = Field(
        default=(), description="the id of a source"
    )
    above: bool = Field(
        default=False, description="what concerns the whole state of the jurisdiction, too"
    )
    channel: ChannelName | None = Field(default=None, description="where it goes")
    channels: tuple[ChannelName, ...] = Field(default=(), description="where it goes, if to many")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> RouteSettings:
        if not self.to:
            raise ValueError('the route leads nowhere (add channel: "#name")')
        conditions = (self.jurisdiction, self.topic, self.direction, self.priority, self.source)
        if prod(max(len(words), 1) for words in (self.to, *conditions)) > MOST_ROUTES:
            raise ValueError(f"the route stands for more than {MOST_ROUTES} (split it)")
        return self

    @property
    def to(self) -> tuple[str, ...]:
        """Name the channels that the route leads to."""
        return (*((self.channel,) if self.channel else ()), *self.channels)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Write the route out: one for each combination of its conditions and channels."""
        return tuple(
            Route(channel, place, topic, direction, priority, source, self.above)
            for channel, place, topic, direction, priority, source in product(
                self.to,
                self.jurisdiction or ("",),
                self.topic or ("",),
                self.direction or (None,),
                self.priority or (None,),
                self.source or ("",),
            )
        )


class ChannelSettings(Options):
    """How much one channel wants to hear, and when."""

    channel: ChannelName = Field(description="its name, as routes and filters write it")
    quiet: Hours | None = Field(
        default=None, description="when it wants to hear nothing, as in 21:00-07:00"
    )
    timezone: Zone = Field(default="America/New_York", description="in which `quiet` is meant")
    wakes: tuple[PriorityWord, ...] = Field(
        default=(Priority.HIGH,), description="priorities that are told in quiet hours too"
    )
    hourly: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="new matters told in an hour; the rest becomes one summary when it is over",
    )

    @property
    def manners(self) -> Manners:
        """Say it as `floods` wants it."""
        return Manners(self.quiet, self.timezone, frozenset(self.wakes), self.hourly)


class SlackSettings(Options):
    """Which channel gets what."""

    default: ChannelName = Field(
        default=CONSOLE, description="for alerts that no route and no filter sends elsewhere"
    )
    routes: tuple[RouteSettings, ...] = Field(
        default=(), description="every route that takes an alert gets it"
    )
    health: ChannelName | None = Field(
        default=None, description="for broken and recovered sources; default: as `default`"
    )
    channels: tuple[ChannelSettings, ...] = Field(
        default=(), description="quiet hours and caps of single channels"
    )

    @property
    def routing(self) -> Routing:
        """Say where alerts go, as `alerts.compose` wants it."""
        routes = tuple(route for written in self.routes for route in written.routes)
        return Routing(self.default, routes, self.health or self.default)

    @property
    def manners(self) -> dict[str, Manners]:
        """Say how much each channel wants to hear, by its name."""
        return {written.channel: written.manners for written in self.channels}


class DigestSettings(Options):
    """One regular digest."""

    id: Id = Field(description="its name in commands and in the database; never reused")
    at: Weekly = Field(
        description="weekday and time: mon 08:00, told of the week before; or daily 08:00"
    )
    timezone: Zone = Field(default="America/New_York", description="in which `at` is meant")
    title: Said = Field(default="Immigration policy digest", description="its subject line")
    channel: ChannelName | None = Field(
        default=None, description="for its short version; default: slack's `default`"
    )
    sender: MailAddress | None = Field(
        default=None,
        alias="from",
        description="the address that it comes from by e-mail; default: `contact`",
    )


class MailOptions(Options):
    """Manners towards the mail server that SMTP_URL names."""

    name: HostName | None = Field(
        default=None, description="this machine's name in EHLO; default: what the system says"
    )
    per_second: float = Field(
        default=5.0, ge=0.01, le=1000.0, description="most messages in a second"
    )
    per_connection: int = Field(
        default=100, ge=1, le=100_000, description="most messages of one connection"
    )


_LOCAL = "localhost"
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


class WebOptions(Options):
    """Pages in a browser, metrics, and what subscribers click on in their mail."""

    listen: HostPort = Field(
        default=("127.0.0.1", 8287),
        description="address and port; 127.0.0.1 is for this machine alone",
        json_schema_extra={"default": "127.0.0.1:8287"},
    )
    names: tuple[Said, ...] = Field(
        default=(),
        max_length=20,
        description="further names under which the pages may be asked for, as in a browser",
    )

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, listen: tuple[str, int]) -> tuple[str, int]:
        if listen[0] == _LOCAL:
            return listen
        try:
            ip_address(listen[0])
        except ValueError as fault:
            raise ValueError(
                f"'{listen[0]}' is no address of this machine (write 127.0.0.1:{listen[1]})"
            ) from fault
        return listen

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _NAME.fullmatch(name.lower()):
                raise ValueError(f"'{name}' is no name of a machine (write it without its port)")
        return tuple(name.lower() for name in names)

    @property
    def is_exposed(self) -> bool:
        """Say whether other machines can reach it."""
        return self.listen[0] != _LOCAL and not ip_address(self.listen[0]).is_loopback


class RetentionSettings(Options):
    """How long things are kept."""

    archive: Age = Field(default=timedelta(days=90), description="recorded answers")
    items: Age = Field(
        default=None,
        description="items and matters of which nothing was heard for so long, and which are shown "
        "nowhere any more",
    )

    @field_validator("items")
    @classmethod
    def _outlasts_digests(cls, items: timedelta | None) -> timedelta | None:
        if items is not None and items < LEAST_KEPT:
            raise ValueError(f"is too short ({LEAST_KEPT.days}d is the least)")
        return items


class FetchOptions(Options):
    """Manners and bounds towards publishers."""

    timeout: Length = Field(
        default=timedelta(seconds=60), description="longest duration of one answer"
    )
    connect: Length = Field(default=timedelta(seconds=10), description="longest wait to connect")
    silence: Length = Field(
        default=timedelta(seconds=20), description="longest pause between two pieces of an answer"
    )
    max_bytes: Size = Field(default=25_000_000, description="largest answer, decompressed")
    max_redirects: int = Field(default=5, ge=0, le=20, description="most redirects of one request")
    workers: int = Field(default=8, ge=1, le=64, description="sources visited at the same time")
    pace: Paces = Field(
        default=(), description="seconds between two requests, by platform or by host"
    )
    private_hosts: tuple[HostPort, ...] = Field(
        default=(), description="host:port in the own network that may be asked"
    )

    @property
    def host_paces(self) -> tuple[tuple[str, float], ...]:
        """Return the paces of hosts: the names with a dot."""
        return tuple(pair for pair in self.pace if "." in pair[0])

    @property
    def platform_paces(self) -> tuple[tuple[str, float], ...]:
        """Return the paces of platforms: the names without a dot."""
        return tuple(pair for pair in self.pace if "." not in pair[0])


class AlertOptions(Options):
    """How much is said at once."""

    cap: int = Field(
        default=10, ge=1, le=100, description="alerts of one poll in one channel before a summary"
    )
    reminders: tuple[Length, ...] = Field(
        default=(timedelta(hours=48), timedelta(hours=4)),
        max_length=10,
        description="how long before a hearing or deadline its thread is reminded; [] for never",
    )
    preview: Length = Field(
        default=timedelta(days=14), description="how far ahead hearings and deadlines are listed"
    )


class MonitorSettings(Options):
    """monitor.yaml: who we are, where alerts go, digests, and how long things are kept."""

    contact: Contact = Field(
        description="e-mail address or web page at which publishers reach you; in the User-Agent"
    )
    slack: SlackSettings = SlackSettings()
    digests: tuple[DigestSettings, ...] = Field(default=(), description="regular digests")
    retention: RetentionSettings = RetentionSettings()
    fetch: FetchOptions = FetchOptions()
    alerts: AlertOptions = AlertOptions()
    mail: MailOptions = MailOptions()
    public_url: PublicUrl | None = Field(
        default=None,
        description="https address of this monitor's web pages; then subscribers confirm, and "
        "leave by one click",
    )
    web: WebOptions | None = Field(default=None, description="web pages; left out, there are none")
    archive: bool = Field(default=True, description="record the answers that changed something")

    @property
    def routing(self) -> Routing:
        """Say where alerts go, as `alerts.compose` wants it."""
        return self.slack.routing
