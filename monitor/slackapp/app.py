"""Takes what people click and type, and acts on it in a thread of its own.

What is taken is written down, acknowledged, and then done: what a crash leaves over is done at the
next start. Nothing in here ends the service: an error is told to the one person it concerns, and
logged.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import Full, Queue

from monitor.channels.slack_api import SlackApi
from monitor.config import Source
from monitor.errors import DeliveryError, FormatError, StoreError
from monitor.slackapp.acting import Acting
from monitor.slackapp.answers import Answer, plain_answer
from monitor.slackapp.commands import Commands
from monitor.slackapp.inbox import Inbox, Kept
from monitor.slackapp.link import FIRST_WAIT, Link
from monitor.slackapp.payloads import Click, Request, Sender, read
from monitor.slackapp.people import People
from monitor.slackapp.replies import Replies
from monitor.store import Store

log = logging.getLogger(__name__)

MOST_WAITING = 200
# How long the acts in hand may take after the wish to stop; a container waits ten seconds in all.
LAST_ACTS_SECONDS = 6.0
# Between two attempts at what was left over, while database or Slack cannot be used.
AGAIN_SECONDS = 5.0
INBOX = "inbox"

_BUSY = plain_answer(
    "This could not be done, because the database or Slack is busy. Please try again in a minute."
)
_BROKEN = plain_answer(
    "This did not work, by a fault of the monitor itself. It is written in its log."
)
_STRANGER = plain_answer("Only members of this workspace can do this; nothing was done.")


class SlackApp:
    """Listens to one workspace; `start`, then `stop`.

    token, app_token: SLACK_BOT_TOKEN and SLACK_APP_TOKEN. wait: the first pause after a failure to
    connect, in seconds.
    """

    def __init__(
        self,
        token: str,
        app_token: str,
        url: str,
        database: Path,
        sources: Sequence[Source],
        *,
        wait: float = FIRST_WAIT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = SlackApi(token, url)
        self._database = database
        self._sources = sources
        self._clock = clock
        self._replies = Replies(self._api)
        self._people = People(self._api)
        self._workspace: frozenset[str] = frozenset()
        self._store: Store | None = None
        self._inbox = Inbox(database.parent / INBOX)
        self._left: tuple[Kept, ...] = ()
        self._stopped = threading.Event()
        self._waiting: Queue[Kept | None] = Queue(MOST_WAITING)
        self._link = Link(SlackApi(app_token, url), self._take, wait)
        self._thread = threading.Thread(target=self._work, name="acts", daemon=True)

    def start(self) -> None:
        """Begin to listen and to act, in threads; with what an earlier start left over."""
        self._left = self._inbox.left()
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Take nothing more, finish what was acknowledged, and hang up.

        What takes too long is left to the next start.
        """
        self._link.stop()
        self._stopped.set()
        try:
            self._waiting.put(None, timeout=LAST_ACTS_SECONDS)
        except Full:
            log.warning("acts were left undone", extra={"acts": self._waiting.qsize()})
            return
        if self._thread.is_alive():
            self._thread.join(LAST_ACTS_SECONDS)

    @property
    def listens(self) -> bool:
        """Say whether Slack's connection stands."""
        return self._link.listens

    def _take(self, kind: str, envelope: str, payload: object) -> bool:
        """Write down what is to be done, and queue it; False where Slack has to tell the person.

        So it does where too much waits, or the disk takes nothing. What is nothing of ours is
        taken, and left undone.
        """
        try:
            request = read(kind, envelope, payload)
            if self._waiting.full():
                log.warning("too much is clicked at once", extra={"waiting": MOST_WAITING})
                return False
            kept = self._inbox.keep(request, self._clock())
        except FormatError as fault:
            log.warning("Slack sent what cannot be read", extra={"reason": fault.reason})
            return True
        except OSError as fault:
            log.error("a click cannot be written down", extra={"reason": str(fault)})  # noqa: TRY400 - the reason says it
            return False
        return self._queued(kept)

    def _queued(self, kept: Kept) -> bool:
        try:
            self._waiting.put_nowait(kept)
        except Full:
            self._inbox.forget(kept)
            return False
        return True

    # ------------------------------------------------------------------------------------ acting

    def _work(self) -> None:
        """Act on one after the other, with a connection of this thread's own."""
        for left in self._left:
            self._catch_up(left)
        while (kept := self._waiting.get()) is not None:
            self._end(kept, self._acted(kept))
        self._close()

    def _catch_up(self, kept: Kept) -> None:
        """Do what was left over; who clicked was told nothing, so it is tried until it works."""
        while not self._stopped.is_set():
            answer = self._acted(kept)
            if answer is not _BUSY:
                self._end(kept, answer)
                return
            self._stopped.wait(AGAIN_SECONDS)

    def _end(self, kept: Kept, answer: Answer | None) -> None:
        """Tell the person how it went, and let go of it."""
        try:
            self._inbox.forget(kept)
            if answer is not None:
                self._replies.send(kept.taken.request.sender, answer)
        except Exception:
            log.exception("bug while answering what Slack sent")

    def _acted(self, kept: Kept) -> Answer | None:
        """Act, and say how that went; every trouble becomes an answer."""
        try:
            self._store = self._store or Store.open(self._database)
            return self._answer(self._store, kept.taken.request, kept.taken.taken_at)
        except (StoreError, DeliveryError) as fault:
            log.warning("an act could not be written down", extra={"reason": str(fault)})
            self._close()
            return _BUSY
        except Exception:
            log.exception("bug in an act")
            return _BROKEN

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _answer(self, store: Store, request: Request, now: datetime) -> Answer | None:
        if not self._is_ours(request.sender):
            log.warning("somebody of another workspace clicked or typed")
            return _STRANGER
        acting = Acting(store, lambda person: self._people.timezone(person, now))
        if isinstance(request, Click):
            return acting.click(request, now)
        return Commands(store, self._sources, acting).answer(request, now)

    def _is_ours(self, sender: Sender) -> bool:
        """Say whether somebody belongs to the workspace of the bot's own token.

        Raises DeliveryError where Slack does not tell which that is.
        """
        if not self._workspace:
            body = self._api.call("Slack", "auth.test").body
            ids = (body.get("team_id"), body.get("enterprise_id"))
            self._workspace = frozenset(one for one in ids if isinstance(one, str) and one)
        return {sender.workspace, sender.home or sender.workspace} <= self._workspace
