"""Puts one running monitor together: configuration, fetcher, archive, channels, database.

The commands and the service share it; what runs in another thread opens its own `store`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from monitor.alerts import Routing
from monitor.bulletin import Bulletin
from monitor.channels import ConsoleChannel
from monitor.channels.smtp_url import VARIABLE, read_smtp_url
from monitor.clock import SYSTEM, Clock
from monitor.config import CONSOLE, Config, DigestSettings, Source
from monitor.config.ways import APPRISE, WEBHOOK, addresses, is_slack, variables
from monitor.deliver import Deliverer
from monitor.digest import Edition
from monitor.digesting import Newsroom, Published, due, publish
from monitor.errors import MonitorError, own_fault
from monitor.fetch import Archive, HttpFetcher, ReplayTransport, fetch_settings, ping
from monitor.heart import Ears, Heart
from monitor.keeping import Ages, Housekeeper, Kept
from monitor.mailing import Sender
from monitor.models import Alert, Channel, Collected, Delivery, Outcome, Period
from monitor.ocr import Tesseract, ocr_available
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.queueing import remind, remind_people, sum_up
from monitor.rounds import Crew
from monitor.store import Store
from monitor.visit import Task

log = logging.getLogger(__name__)

SLACK_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - the name of a variable
SLACK_APP_TOKEN = "SLACK_APP_TOKEN"  # noqa: S105 - the name of a variable
SLACK_API = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class Places:
    """Where one monitor keeps its things."""

    state: Path

    @property
    def database(self) -> Path:
        """Name the database file."""
        return self.state / "monitor.db"

    @property
    def archive(self) -> Path:
        """Name the folder of recorded answers."""
        return self.state / "archive"


class Station:
    """One monitor, ready to poll and to tell.

    replay: recordings that answer in place of the network.
    out: where alerts are printed; standard output where not given. clock: tells the time.
    """

    def __init__(
        self,
        config: Config,
        places: Places,
        secrets: Mapping[str, str],
        replay: Sequence[Path] = (),
        out: TextIO | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self.config = config
        self.clock = clock
        self.places = places
        self._secrets = secrets
        self._smtp = read_smtp_url(secrets[VARIABLE]) if secrets.get(VARIABLE) else None
        self._replaying = bool(replay)
        transport = ReplayTransport(replay) if replay else None
        self.fetcher = HttpFetcher(
            fetch_settings(config),
            secrets,
            transport,
            clock=clock.now,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
        )
        self.archive = Archive(places.archive) if config.monitor.archive else None
        self.console = ConsoleChannel(out or sys.stdout)

    @cached_property
    def store(self) -> Store:
        """Open the database for this thread, at the first use."""
        return Store.open(self.places.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "store" in vars(self):
            self.store.close()
        self.fetcher.close()

    @property
    def speaks_slack(self) -> bool:
        """Say whether alerts go to Slack; without a token the console stands in."""
        return bool(self._secrets.get(SLACK_TOKEN))

    @property
    def hears_slack(self) -> bool:
        """Say whether clicks and commands come back from Slack, by Socket Mode."""
        return self.speaks_slack and bool(self._secrets.get(SLACK_APP_TOKEN))

    @property
    def slack_url(self) -> str:
        """Name Slack's Web API, or what stands in for it."""
        return self._secrets.get("SLACK_API_URL") or SLACK_API

    @property
    def slack_tokens(self) -> tuple[str, str]:
        """Return the bot's token and the app's; "" where one is not set."""
        return self._secrets.get(SLACK_TOKEN, ""), self._secrets.get(SLACK_APP_TOKEN, "")

    def missing_keys(self, source: Source) -> tuple[str, ...]:
        """Name the environment variables that a source needs and that are not set."""
        if self._replaying:
            return ()
        return tuple(name for name in source.connector.needs if not self._secrets.get(name))

    def rules(self, backfill: datetime | None = None, preview: datetime | None = None) -> Rules:
        """Say how news becomes alerts here."""
        return Rules(
            routing=self._routing if self.delivers else Routing(CONSOLE),
            cap=self.config.monitor.alerts.cap,
            backfill=backfill,
            preview=preview,
            queued=self.delivers,
            directly=self.speaks_slack,
            manners=self.config.monitor.slack.manners,
            instead=self._instead,
            groups=self.bulletin.near.groups,
        )

    @property
    def delivers(self) -> bool:
        """Say whether alerts leave this machine: by Slack's app, a webhook, or apprise.

        Where they do not, the console shows them, and nothing is queued.
        """
        return self.speaks_slack or bool(addresses(self._ways, self._secrets))

    @property
    def _ways(self) -> tuple[str, ...]:
        """Name the channels of the configuration, and the webhook that can stand in for Slack's."""
        other = addresses((WEBHOOK,), self._secrets)
        return tuple(dict.fromkeys((*self.config.channels, *other)))

    @property
    def _instead(self) -> Mapping[str, str]:
        """Without an app, one webhook takes what is for Slack's channels; else the console."""
        if self.speaks_slack:
            return {}
        other = WEBHOOK if WEBHOOK in addresses(self._ways, self._secrets) else CONSOLE
        return {channel: other for channel in self.config.channels if is_slack(channel)}

    @property
    def _routing(self) -> Routing:
        """Say where alerts go, by channels that somebody can post to."""
        routing, other = self.config.monitor.routing, self._instead
        routes = (
            replace(one, channel=other.get(one.channel, one.channel)) for one in routing.routes
        )
        return Routing(
            other.get(routing.default, routing.default),
            tuple(dict.fromkeys(routes)),
            other.get(routing.health, routing.health),
        )

    def crew(self, store: Store, backfill: timedelta | None = None) -> Crew:
        """Gather the workers; their tasks are prepared from `store`, in its thread."""

        def prepared(source: Source) -> Task:
            present = self.clock.now()
            since = present - backfill if backfill else None
            return prepare(store, source, present, self.pace(source), since)

        visit = partial(collect, fetcher=self.fetcher, filters=self.config.filters, ocr=self.ocr)
        return Crew(prepared, visit, self.config.monitor.fetch.workers)

    @property
    def ocr(self) -> Tesseract | None:
        """Return what reads scanned pages, where it is installed."""
        return Tesseract() if ocr_available() else None

    def pace(self, source: Source) -> float:
        """Say how many seconds pass between two requests to a source's host."""
        paces = dict(self.config.monitor.fetch.platform_paces)
        connector = source.connector
        return paces.get(connector.platform or connector.kind, connector.pace)

    def record(self, store: Store, source: Source, collected: Collected, rules: Rules) -> Recorded:
        """Make one poll's news permanent; show its alerts at once where nothing is queued.

        Posts on a source's health are not shown then: a round sums them up, the service logs them.
        """
        return self.record_all(store, ((source, collected),), rules)[0]

    def record_all(
        self, store: Store, results: Iterable[tuple[Source, Collected]], rules: Rules
    ) -> tuple[Recorded, ...]:
        """Do as `record` with what several workers brought, in one transaction.

        A commit, and what the full-text index writes at each, cost more than a poll without news.
        """
        together = tuple(results)
        try:
            with store.transaction():
                recorded = tuple(record(store, self.archive, *one, rules) for one in together)
        except MonitorError:
            raise
        except Exception:
            # A bug in recording one must be loud, and must not silence the other sources.
            log.exception("bug while recording")
            recorded = tuple(self._record_alone(store, *one, rules) for one in together)
        if not rules.queued:
            for alert in chain.from_iterable(each.alerts for each in recorded):
                if alert.kind != "health":
                    self.show(alert)
        return recorded

    def _record_alone(
        self, store: Store, source: Source, collected: Collected, rules: Rules
    ) -> Recorded:
        """Record one poll, or that it could not be recorded, so that it is not polled for ever."""
        try:
            return record(store, self.archive, source, collected, rules)
        except MonitorError:
            raise
        except Exception as bug:
            log.exception("bug while recording", extra={"source": source.id})
            reason = own_fault(bug)
            failed = Collected(source.id, collected.polled_at, Outcome.FAILED, reason)
            return record(store, self.archive, source, failed, rules)

    def remind(self, store: Store) -> int:
        """Queue the reminders of dates ahead that are due; return how many.

        Where no alert leaves this machine, nobody is reminded; people only by Slack's app.
        """
        if not self.delivers:
            return 0
        leads, manners = self.config.monitor.alerts.reminders, self.config.monitor.slack.manners
        now = self.clock.now()
        people = remind_people(store, now) if self.speaks_slack else ()
        return len(remind(store, leads, self.names, manners, now)) + len(people)

    def sum_up(self, store: Store) -> int:
        """Queue the summaries of what was one too many in an hour; return how many."""
        if not self.delivers:
            return 0
        return len(sum_up(store, self.config.monitor.slack.manners, self.clock.now()))

    @property
    def editions(self) -> tuple[Edition, ...]:
        """List the digests of monitor.yaml; their short versions go where somebody can post."""
        return tuple(self.edition(one) for one in self.config.monitor.digests)

    def edition(self, settings: DigestSettings) -> Edition:
        """Say of a digest what its composition needs."""
        channel = settings.channel or self.config.monitor.slack.default
        return Edition(
            name=settings.id,
            title=settings.title,
            clock=settings.at.time,
            weekday=settings.at.weekday,
            timezone=settings.timezone,
            channel=self._instead.get(channel, channel) if self.delivers else CONSOLE,
        )

    @property
    def newsroom(self) -> Newsroom:
        """Say what digests are to know beyond the database."""
        return Newsroom(
            self.config.sources,
            manners=self.config.monitor.slack.manners,
            queued=self.delivers,
        )

    def publish(self, store: Store, edition: Edition, period: Period, now: datetime) -> Published:
        """Compose a digest once, keep and queue it; raises ValueError for one too late.

        Its short version is shown at once where nothing is queued.
        """
        published = publish(store, edition, period, self.newsroom, now)
        if published.post and not self.delivers:
            self.show(published.post)
        return published

    def publish_due(self, store: Store) -> tuple[Published, ...]:
        """Compose the digests whose time has come; return those that were made now."""
        now = self.clock.now()
        periods = ((edition, due(store, edition, now)) for edition in self.editions)
        return tuple(
            self.publish(store, edition, period, now) for edition, period in periods if period
        )

    @property
    def names(self) -> Mapping[str, str]:
        """Say what people call each source, by its id."""
        return {source.id: source.name for source in self.config.sources}

    @cached_property
    def bulletin(self) -> Bulletin:
        """Make the one who tells the health channel; where nobody delivers, nothing is queued."""
        return Bulletin(self.config.sources, self._routing, self.clock.now, read=self.delivers)

    def keep_house(self, store: Store, stopped: Callable[[], bool]) -> Kept | None:
        """Throw away what is older than it is to be kept, once a day; None where that was done."""
        ages = Ages(self.config.monitor.retention.archive, self.config.monitor.retention.items)
        clock = self.clock
        keeper = Housekeeper(store, self.archive, ages, stopped=stopped, sleep=clock.sleep)
        return keeper.keep_daily(self.places.state, clock.now())

    def heart(self) -> Heart:
        """Make what shows that the service lives: to its host, and at HEARTBEAT_URL if set."""
        url = self._secrets.get("HEARTBEAT_URL")
        parts = ("polling", "delivery") if self.delivers else ("polling",)
        return Heart(self.places.state, parts, partial(ping, url) if url else None)

    @property
    def ears(self) -> Ears:
        """Make what shows whether a button that is posted now would be heard."""
        return Ears(self.places.state, plugged=not self.hears_slack)

    def show(self, alert: Alert) -> None:
        """Print one alert."""
        self.console.send(Delivery(0, alert))

    def deliverer(self, store: Store, stopped: Callable[[], bool]) -> Deliverer:
        """Make the one who empties the outbox; in the thread of `store`."""
        return Deliverer(
            store,
            self.channels(),
            stopped=stopped,
            lock=self.places.state / "delivery.lock",
            names=self.names,
            health=self._routing.health,
            heard=lambda: self.ears.hear(self.clock.now()),
            clock=self.clock.now,
            sleep=self.clock.sleep,
        )

    @property
    def mails(self) -> bool:
        """Say whether digests go out by e-mail."""
        return self._smtp is not None

    def sender(self, store: Store, stopped: Callable[[], bool]) -> Sender:
        """Make the one who mails digests; in the thread of `store`, and only where it `mails`."""
        from monitor.letters import mailroom  # noqa: PLC0415 - the templates, to be mailed only

        assert self._smtp is not None  # noqa: S101 - the caller has asked
        health = self._routing.health if self.delivers else ""
        lock = self.places.state / "mail.lock"
        made = partial(mailroom, store, self._smtp, self.config.monitor, clock=self.clock)
        return made(stopped=stopped, lock=lock, health=health)

    def channels(self) -> Mapping[str, Channel]:
        """Name the ways out: "#" for Slack's channels, and the console."""
        ways: dict[str, Channel] = {CONSOLE: self.console}
        if self.speaks_slack:
            from monitor.channels import SlackChannel  # noqa: PLC0415 - 5 MB, for Slack only

            slack = SlackChannel(self._secrets[SLACK_TOKEN], self.slack_url, self.clock.now)
            ways |= dict.fromkeys(("#", "@", "C", "D", "G"), slack)
        named = variables(self._ways)
        if any(channel.startswith(WEBHOOK) for channel in named):
            from monitor.channels import WebhookChannel  # noqa: PLC0415 - Slack's client, too

            ways[WEBHOOK] = WebhookChannel(addresses(named, self._secrets), named)
        if any(channel.startswith(APPRISE) for channel in named):
            from monitor.channels import NotifyChannel  # noqa: PLC0415 - for those who use it

            ways[APPRISE] = NotifyChannel(addresses(named, self._secrets), named)
        return ways
