"""The service: a handful of APScheduler jobs that poll what is due, deliver, and keep house.

    poll      every second   send crews to what is due, record what they bring     thread "writer"
    listen    every hour     has a source fallen silent?                           thread "writer"
    remind    every minute   queue reminders of hearings and deadlines             thread "writer"
    digest    every minute   compose the digests whose time has come               thread "writer"
    deliver   every second   empty the outbox                                      thread "delivery"
    mail      every second   send copies of digests to subscribers                 thread "mail"
    upkeep    once a night   throw away what is old, tidy the database             thread "upkeep"
    listen    always         do what people click and type in Slack                thread "acts"
    serve     always         show web pages, where monitor.yaml has `web`          thread "web"

Due times live in the database, so a restart loses nothing. A database connection belongs to its
thread: each executor has one thread, and opens its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.config import Source
from monitor.deliver import Deliverer
from monitor.errors import StoreError
from monitor.heart import Heart
from monitor.mailing import Sender
from monitor.models import Collected, Outcome
from monitor.pipeline import cadence
from monitor.rounds import Crew
from monitor.schedule import first_due, interval
from monitor.station import Station
from monitor.store import Store
from monitor.watching import tell_pages

log = logging.getLogger(__name__)

EXECUTORS = ("writer", "delivery", "mail", "upkeep")
# First messages that were sent while nobody listened get their buttons, if they are not older.
BUTTONS_FOR = timedelta(days=30)
# A container is killed ten seconds after the signal, unless it is told otherwise.
LAST_RESULTS_SECONDS = 5.0
# The post in hand may take as long as Slack does to answer.
LAST_POST_SECONDS = 40.0


class Service:
    """Runs until `stop` is set; then finishes the transaction and the post in hand."""

    def __init__(self, station: Station, stop: threading.Event) -> None:
        self._station = station
        self._stop = stop
        self._rules = station.rules()
        self._sources = {s.id: s for s in station.config.sources if s.enabled}
        self._writer: Store | None = None
        self._crew: Crew | None = None
        self._deliverer: Deliverer | None = None
        self._delivery_store: Store | None = None
        self._sender: Sender | None = None
        self._mail_store: Store | None = None
        self._fault: StoreError | None = None
        self._hears: Callable[[], bool] | None = None
        self._deaf_since: datetime | None = None
        self._pages_fault: Callable[[], str] = lambda: ""
        self._pages_told: str | None = None
        self._polling_ended = threading.Event()
        self._delivery_ended = threading.Event()
        self._mail_ended = threading.Event()

    def run(self) -> None:
        """Start the jobs, wait for the signal, and end in order.

        Raises StoreError where the database could not be used any more.
        """
        scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={name: ThreadPoolExecutor(1) for name in EXECUTORS},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._begin()
        heart = self._station.heart()
        polling = self._guarded(self._poll, self._polling_ended, partial(heart.alive, "polling"))
        scheduler.add_job(polling, "interval", seconds=1, executor="writer")
        scheduler.add_job(self._guarded(self._remind), "interval", minutes=1, executor="writer")
        scheduler.add_job(self._guarded(self._tell_pages), "interval", seconds=5, executor="writer")
        self._compose_digests(scheduler)
        scheduler.add_job(self._guarded(self._listen), "interval", hours=1, executor="writer")
        scheduler.add_job(self._guarded(self._upkeep), "interval", hours=1, executor="upkeep")
        self._deliver_alerts(scheduler, heart)
        self._mail_digests(scheduler)
        scheduler.start()
        log.info("the monitor runs", extra={"sources": len(self._sources)})
        try:
            with self._listening(), self._serving():
                self._stop.wait()
        finally:
            # Each job sees the wish at its next turn, finishes what it has in hand, and says so.
            self._stop.set()
            self._polling_ended.wait(LAST_RESULTS_SECONDS * 2)
            self._delivery_ended.wait(LAST_POST_SECONDS)
            self._mail_ended.wait(LAST_POST_SECONDS)
            scheduler.shutdown(wait=True)
            self._station.ears.close()
            log.info("the monitor stopped")
        if self._fault is not None:
            raise self._fault

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Hear clicks and commands in Slack meanwhile, where the app's token is set."""
        if not self._station.hears_slack:
            yield
            return
        from monitor.slackapp import SlackApp  # noqa: PLC0415 - 5 MB, for Slack only

        station = self._station
        app = SlackApp(
            *station.slack_tokens,
            station.slack_url,
            station.places.database,
            station.config.sources,
        )
        self._offer_buttons(station.store)
        app.start()
        self._hears = lambda: app.listens
        try:
            yield
        finally:
            self._hears = None
            app.stop()

    @contextmanager
    def _serving(self) -> Iterator[None]:
        """Show web pages meanwhile, where they are wanted; no fault of theirs ends anything."""
        station, settings = self._station, self._station.config.monitor
        if settings.web is None:
            yield
            return
        from monitor.web import Premises, WebServer  # noqa: PLC0415 - 20 MB, for pages only

        premises = Premises(
            settings,
            station.config.sources,
            station.places.database,
            station.places.state,
            station.places.archive,
            station.missing_keys,
            station.clock.now,
        )
        server = WebServer(premises, settings.web.listen)
        server.start()
        self._pages_fault = lambda: server.fault
        try:
            yield
        finally:
            server.stop()

    def _offer_buttons(self, store: Store) -> None:
        """Let messages be clicked on from now on, those too that were sent while nobody heard."""
        present = self._station.clock.now()
        self._station.ears.listen(present)
        store.threads.offer_buttons(present - BUTTONS_FOR)

    def _begin(self) -> None:
        """Say which sources are active, and spread those that were never polled."""
        store = self._station.store
        store.upkeep.refuse_damage()
        present = self._station.clock.now()
        store.sources.begin(self._sources, present)
        for source in self._sources.values():
            if store.sources.state(source.id).last_polled_at is None:
                store.sources.reschedule(source.id, first_due(source.id, cadence(source), present))

    def _guarded(
        self,
        job: Callable[[], None],
        ended: threading.Event | None = None,
        alive: Callable[[datetime], None] = lambda _: None,
    ) -> Callable[[], None]:
        """Stop the service where the database cannot be used; a bug in a job is logged, loudly.

        ended: set where the job cannot go on, so that nobody waits for it. alive: told when the
            job has done its work.
        """

        def run_job() -> None:
            try:
                job()
                alive(self._station.clock.now())
            except StoreError as fault:
                self._fault = fault
                log.error("the database cannot be used", extra={"reason": str(fault)})  # noqa: TRY400 - the reason says it
                self._stop.set()
                if ended is not None:
                    ended.set()
            except Exception:
                log.exception("bug in a job")

        return run_job

    def _poll(self) -> None:
        if self._polling_ended.is_set():
            return
        store, crew = self._writing()
        if self._stop.is_set():
            self._end_polling(store, crew)
            return
        for name in store.sources.due(self._station.clock.now()):
            source = self._sources.get(name)
            if source is None or crew.holds(source):
                continue
            if keys := self._station.missing_keys(source):
                self._skip(store, name, keys)
                continue
            crew.send(source)
        self._record_finished(0.9)

    def _skip(self, store: Store, name: str, keys: tuple[str, ...]) -> None:
        log.warning("source skipped", extra={"source": name, "needs": " ".join(keys)})
        source = self._sources[name]
        present = self._station.clock.now()
        store.sources.reschedule(name, present + interval(cadence(source), present))

    def _record_finished(self, seconds: float) -> None:
        store, crew = self._writing()
        for source, collected in crew.finished(seconds):
            self._record(store, source, collected)

    def _record(self, store: Store, source: Source, collected: Collected) -> None:
        recorded = self._station.record(store, source, collected, self._rules)
        failed = collected.outcome is Outcome.FAILED
        log.log(
            logging.WARNING if failed else logging.INFO,
            "source polled",
            extra={
                "source": source.id,
                "outcome": collected.outcome.value,
                "reason": collected.reason,
                "new": recorded.new,
                "updated": recorded.updated,
                "alerts": len(recorded.alerts),
            },
        )

    def _writing(self) -> tuple[Store, Crew]:
        if self._writer is None or self._crew is None:
            self._writer = Store.open(self._station.places.database)
            self._crew = self._station.crew(self._writer)
        return self._writer, self._crew

    def _deliver(self) -> None:
        if self._delivery_ended.is_set():
            return
        if self._deliverer is None or self._delivery_store is None:
            self._delivery_store = Store.open(self._station.places.database)
            self._deliverer = self._station.deliverer(self._delivery_store, self._stop.is_set)
        if self._stop.is_set():
            self._delivery_store.close()
            self._delivery_ended.set()
            return
        self._deliverer.deliver_due(self._station.clock.now())

    def _deliver_alerts(self, scheduler: BackgroundScheduler, heart: Heart) -> None:
        """Empty the outbox, where alerts leave this machine."""
        if self._station.delivers:
            alive = partial(heart.alive, "delivery")
            delivering = self._guarded(self._deliver, self._delivery_ended, alive)
            scheduler.add_job(delivering, "interval", seconds=1, executor="delivery")
        else:
            self._delivery_ended.set()

    def _mail_digests(self, scheduler: BackgroundScheduler) -> None:
        """Send copies of digests, where a mail server is configured."""
        if self._station.mails:
            mailing = self._guarded(self._mail, self._mail_ended)
            scheduler.add_job(mailing, "interval", seconds=1, executor="mail")
        else:
            self._mail_ended.set()

    def _mail(self) -> None:
        if self._mail_ended.is_set():
            return
        if self._sender is None or self._mail_store is None:
            self._mail_store = Store.open(self._station.places.database)
            self._sender = self._station.sender(self._mail_store, self._stop.is_set)
        if not self._stop.is_set():
            self._sender.send_due()
        if self._stop.is_set():
            self._mail_store.close()
            self._mail_ended.set()

    def _remind(self) -> None:
        if self._polling_ended.is_set():
            return
        store, _ = self._writing()
        if queued := self._station.remind(store):
            log.info("reminders queued", extra={"reminders": queued})
        if recalled := store.sources.recall(self._station.clock.now()):
            log.warning("the clock was set back", extra={"sources": recalled})
        self._station.bulletin.outages(store)
        self._hear(store)
        if summed := self._station.sum_up(store):
            log.info("summaries queued", extra={"summaries": summed})

    def _tell_pages(self) -> None:
        """Tell where the web pages are not served, and when they are again."""
        fault = self._pages_fault()
        is_over = self._pages_told == fault == ""
        if self._polling_ended.is_set() or is_over or not self._station.delivers:
            return
        store, _ = self._writing()
        routing, present = self._rules.routing, self._station.clock.now()
        with store.transaction():
            store.outbox.enqueue(tell_pages(store, routing, fault, present), present)
        self._pages_told = fault

    def _hear(self, store: Store) -> None:
        """Note whether Slack is listened to; tell where that fails for minutes."""
        hears = self._hears
        if hears is None or hears():
            self._deaf_since = None
        else:
            self._deaf_since = self._deaf_since or self._station.clock.now()
        if hears is not None and self._deaf_since is None:
            self._offer_buttons(store)
        self._station.bulletin.hearing(store, self._deaf_since)

    def _compose_digests(self, scheduler: BackgroundScheduler) -> None:
        """Look every minute for digests that are due, and at once for one that was missed."""
        composing, present = self._guarded(self._digest), self._station.clock.now()
        scheduler.add_job(
            composing, "interval", minutes=1, next_run_time=present, executor="writer"
        )

    def _digest(self) -> None:
        if self._polling_ended.is_set():
            return
        store, _ = self._writing()
        for made in self._station.publish_due(store):
            log.info(
                "digest composed",
                extra={
                    "digest": made.digest.name,
                    "period": made.digest.period.id,
                    "matters": len(made.digest.matters),
                    "copies": made.copies,
                },
            )

    def _listen(self) -> None:
        if self._polling_ended.is_set():
            return
        store, _ = self._writing()
        if told := self._station.bulletin.silences(store):
            log.info("silences told", extra={"posts": told})

    def _upkeep(self) -> None:
        """Keep house by a connection of its own, in short steps: polling and delivery go on."""
        with Store.open(self._station.places.database) as store:
            self._station.keep_house(store, self._stop.is_set)

    def _end_polling(self, store: Store, crew: Crew) -> None:
        """Record what comes in soon; what waits or hangs is polled after the restart."""
        for source, collected in crew.wind_down(LAST_RESULTS_SECONDS):
            self._record(store, source, collected)
        crew.end()
        store.close()
        self._polling_ended.set()
