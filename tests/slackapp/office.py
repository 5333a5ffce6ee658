"""A workspace with a channel, a store with one matter told there, and the app that listens.

    with Office(tmp_path) as office:
        office.tell(change…)                      # an alert, delivered
        office.click("claim"); office.edit()      # acknowledged, done, shown
        office.said                               # what the one person was told

Everything in it is made up; time stands still at NOW.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from monitor.channels import SlackChannel
from monitor.config import Source
from monitor.deliver import Deliverer
from monitor.models import Alert, Hearing, Item
from monitor.slackapp import SlackApp
from monitor.store import Arrival, Store
from tests.alerts.builders import NOW, alert, item, match
from tests.servers.slack_api import APP_TOKEN, TOKEN, Room, SlackServer, Workspace
from tests.servers.slack_clicks import ANA, click, typed
from tests.servers.slack_socket import SocketMode

PLACE = "C01ALERTS"
CHANNEL = "#immigration-alerts"
HEARING = Hearing("hearing", NOW + timedelta(days=9), "America/New_York", "City Hall")


@dataclass
class Office:
    """A workspace, a store and the app; a context manager.

    sources: of the configuration. is_heard: who posts believes that somebody listens.
    """

    root: Path
    sources: Sequence[Source] = ()
    now: datetime = NOW
    is_heard: bool = True
    _stack: ExitStack = field(default_factory=ExitStack)
    answered: int = 0

    def __enter__(self) -> Self:
        self.slack = self._stack.enter_context(SlackServer(Workspace(self._clock)))
        self.workspace = self.slack.workspace
        self.socket = self._stack.enter_context(SocketMode(self.workspace))
        self.store = self._stack.enter_context(Store.open(self.database))
        self.app = self.hire()
        return self

    def __exit__(self, *exception: object) -> None:
        self.app.stop()
        self._stack.close()

    def _now(self) -> datetime:
        return self.now

    def _clock(self) -> float:
        return self.now.timestamp()

    @property
    def database(self) -> Path:
        """Name the database file."""
        return self.root / "monitor.db"

    def hire(self) -> SlackApp:
        """Start the app, and wait until Slack has greeted it."""
        made = self.socket.joined
        self.app = SlackApp(
            TOKEN,
            APP_TOKEN,
            self.slack.url,
            self.database,
            self.sources,
            wait=0.01,
            clock=self._now,
        )
        self.app.start()
        self.socket.wait_for(made + 1)
        return self.app

    # ------------------------------------------------------------------------------------ telling

    def open_matter(self, **fields: Any) -> int:
        """Let an item come in; return its matter."""
        one: Item = item(**{"hearings": (HEARING,), **fields})
        (merged,) = self.store.items.merge_all([Arrival(one, (match(),))], self.now)
        self.store.matters.note_told({merged.change.matter}, self.now)
        return merged.change.matter

    def tell(self, **fields: Any) -> dict[str, Any]:
        """Tell of a matter in the channel; return the message as Slack holds it."""
        matter = fields.pop("matter", None) or self.open_matter()
        made = alert(matter=matter, item=item(hearings=(HEARING,)))
        made = replace(made, **fields)
        self.enqueue(made)
        self.deliver()
        return next(m for m in self.messages if m["metadata"]["event_payload"]["k"] == made.key)

    def enqueue_first(self) -> None:
        """Put the first alert of a matter into the outbox."""
        self.enqueue(alert(matter=self.open_matter(), item=item(hearings=(HEARING,))))

    def enqueue(self, *alerts: Alert) -> None:
        """Put alerts into the outbox."""
        self.store.outbox.enqueue(alerts, self.now)

    def deliver(self) -> None:
        """Send what is queued, and bring first messages up to date."""
        slack = SlackChannel(TOKEN, self.slack.url, now=self._now)
        slack.pause = 0.0
        ways = {"#": slack, "@": slack}
        heard = lambda: self.is_heard  # noqa: E731 - asked at each message
        Deliverer(self.store, ways, clock=self._now, heard=heard).deliver_due(self.now)

    # -------------------------------------------------------------------------------------- people

    def click(
        self, message: dict[str, Any], action: str, choice: str = "", *, person: str = ANA
    ) -> str:
        """Click below a message; return what the person is told."""
        payload = click(message, action, choice, person=person, base=self.socket.base)
        return self.send(payload)

    def type(self, text: str, *, person: str = ANA, place: str = PLACE) -> str:
        """Type a command; return what the person is told."""
        return self.send(typed(text, person=person, place=place, base=self.socket.base))

    def send(self, payload: dict[str, Any]) -> str:
        """Send something, have it acknowledged, and return the answer."""
        assert self.socket.deliver(payload)
        self.answered += 1
        said = self.socket.wait_for_answers(self.answered)[-1]
        assert self.socket.faults == []
        return said

    @property
    def room(self) -> Room:
        """Return the channel."""
        return self.workspace.room(CHANNEL)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """List the messages of the channel, as they stand now."""
        return self.room.messages

    def edited(self, message: dict[str, Any]) -> dict[str, Any]:
        """Let first messages be brought up to date, and return this one as it stands then."""
        self.deliver()
        return next(one for one in self.messages if one["ts"] == message["ts"])


def state_of(message: dict[str, Any]) -> str:
    """Return the words of the blocks that say how the matter stands; "" where there are none."""
    block, quiet = message["blocks"][1:3]
    if block["type"] != "rich_text":
        return ""
    elements = [*block["elements"][0]["elements"], *quiet["elements"]]
    return "".join(
        element.get("text") or element.get("user_id") or element.get("fallback")
        for element in elements
    )
