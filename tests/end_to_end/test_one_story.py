"""The life of one bill in two channels: one thread each, and every word that is said in it.

Real connectors over loopback, a real database, and a strict Slack; only the clock is ours. The
city, its council and its press are made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.alerts import Route, Routing
from monitor.channels import SlackChannel
from monitor.config import Source
from monitor.connectors.legistar import Legistar
from monitor.connectors.rss import Rss
from monitor.deliver import Deliverer
from monitor.fetch import FetchSettings, HttpFetcher
from monitor.jurisdictions import ocd
from monitor.matching import Filter, FilterSet
from monitor.models import ItemType
from monitor.pipeline import Rules, collect, prepare, record
from monitor.queueing import remind
from monitor.store import DeliveryState, Store
from tests.end_to_end.world import FEED, News, feed
from tests.servers.legistar_api import LegistarApi
from tests.servers.misbehaving import Misbehaving, answer
from tests.servers.slack_api import SlackServer, Workspace
from tests.test_deliver import Clock

RECORDINGS = Path(__file__).parents[1] / "recordings" / "legistar"
CITY = ocd("ny/exampleville")
ALERTS, NY = "#immigration-alerts", "#ny"
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
LEADS = (timedelta(hours=48), timedelta(hours=4))
FILTERS = FilterSet(
    (
        Filter(
            "detainers",
            "Detainer requests",
            "detainer*",
            channels=(ALERTS, NY),
            limits=("prohibit*",),
        ),
    )
)
RULES = Rules(Routing(ALERTS, (Route(NY, jurisdiction=ocd("ny")),)))
TITLE = "A Local Law prohibiting the police from honoring civil immigration detainers"


def recorded(name: str, **fields: Any) -> dict[str, Any]:
    """Take the first record of a recording, with other values."""
    rows: list[dict[str, Any]] = json.loads((RECORDINGS / name).read_text(encoding="utf-8"))
    found = next(row for row in rows if fields.keys() <= row.keys())
    return found | fields


@dataclass
class City:
    """A council, a press office, and those who watch them."""

    store: Store
    slack: SlackServer
    council: LegistarApi
    press: Misbehaving
    clock: Clock
    fetcher: HttpFetcher
    releases: list[News] = field(default_factory=list)

    @property
    def sources(self) -> tuple[Source, Source]:
        """Describe both as sources.yaml would."""
        council = Source(
            id="council",
            name="Exampleville City Council",
            kind="legistar",
            connector=Legistar(client="exampleville", api=self.council.address),
            jurisdiction=CITY,
            every=timedelta(minutes=30),
            cron="",
            timezone="America/New_York",
            documents=False,
        )
        connector = Rss(url=self.press.url("/press"), type=ItemType.PRESS_RELEASE)
        press = replace(
            council, id="press", name="Exampleville press office", kind="rss", connector=connector
        )
        return press, council

    def passes(self, **lasting: float) -> None:
        """Let time pass, then poll, remind and deliver as the service does."""
        self.clock.now += timedelta(**lasting)
        self.press.on("/press", answer(feed(*self.releases, outlet="press"), headers=FEED))
        for source in self.sources:
            task = prepare(self.store, source, self.clock(), pace=0.0)
            collected = collect(task, self.fetcher, FILTERS)
            assert not collected.warnings, collected.warnings
            record(self.store, None, source, collected, RULES)
        names = {source.id: source.name for source in self.sources}
        remind(self.store, LEADS, names, {}, self.clock())
        slack = SlackChannel(self.slack.token, self.slack.url, now=self.clock, timeout=5)
        deliverer = Deliverer(
            self.store, {"#": slack}, names=names, clock=self.clock, sleep=self.clock.sleep
        )
        assert deliverer.deliver_due(self.clock()).all_well

    def files(self, status: str) -> None:
        """Let the council's own record of the bill say this status."""
        made = recorded(
            "matters.json",
            MatterFile="26-0042",
            MatterName="Ending the honoring of detainers",
            MatterTitle=TITLE,
            MatterStatusName=status,
            MatterLastModifiedUtc=f"{self.clock():%Y-%m-%dT%H:%M:%S}",
            MatterEXText5=None,
        )
        self.council.matters = [made]

    def hears(self, day: str, time: str) -> None:
        """Put the bill on the agenda of the committee's meeting."""
        meeting = recorded(
            "events.json",
            EventId=901,
            EventDate=f"{day}T00:00:00",
            EventTime=time,
            EventAgendaFile=None,
            EventLastModifiedUtc=f"{self.clock():%Y-%m-%dT%H:%M:%S}",
        )
        line = recorded(
            "agenda.json",
            EventItemId=5009,
            EventItemEventId=901,
            EventItemTitle=TITLE,
            EventItemMatterId=7001,
            EventItemMatterFile="26-0042",
            EventItemMatterName="Ending the honoring of detainers",
            EventItemMatterType="Introduction",
            EventItemAgendaNumber="1",
        )
        self.council.events = [meeting]
        self.council.agendas = {901: [line]}

    def messages(self, channel: str) -> list[tuple[str, str]]:
        """List where each message of a channel stands, and its text as it was posted."""
        room = self.slack.workspace.room(channel)
        posts = [
            arguments
            for method, arguments in self.slack.workspace.calls
            if method == "chat.postMessage" and arguments["channel"] in {channel, room.id}
        ]
        parent = room.messages[0]["ts"]
        return [(_place(one, parent), str(one["text"])) for one in posts]

    def parent(self, channel: str) -> list[str]:
        """List the lines below the headline of a channel's first message."""
        blocks = self.slack.workspace.room(channel).messages[0]["blocks"]
        state = blocks[1]["elements"][0]["elements"]
        return "".join(str(one["text"]) for one in state).splitlines()


def _place(post: dict[str, Any], parent: str) -> str:
    if "thread_ts" not in post:
        return "channel"
    assert post["thread_ts"] == parent
    return "thread and channel" if post.get("reply_broadcast") else "thread"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Let everybody know the city of yesterday."""
    clock = Clock(MONDAY)
    workspace = Workspace(clock=clock.timestamp)
    with (
        Store.open(tmp_path / "monitor.db") as store,
        SlackServer(workspace) as slack,
        LegistarApi("exampleville") as council,
        Misbehaving() as press,
    ):
        hosts = [urlsplit(one) for one in (council.address, press.url("/"))]
        settings = FetchSettings(
            "tests@example.org",
            pace=0.0,
            named_hosts=frozenset({(one.hostname or "", one.port or 0) for one in hosts}),
        )
        fetcher = HttpFetcher(settings, {})
        made = City(store, slack, council, press, clock, fetcher, [News("old", "Parks reopen")])
        made.passes()
        assert slack.workspace.posted == []
        yield made
        fetcher.close()


def live(city: City) -> None:
    """Walk through the bill's life."""
    release = News(
        "release",
        "Council member introduces File #26-0042 to end the honoring of detainers",
        "EXAMPLEVILLE. File #26-0042 would prohibit the police from honoring detainers.",
        "Mon, 23 Nov 2026 16:00:00 GMT",
    )
    city.releases.append(release)
    city.passes(hours=1)
    city.files("Introduced")
    city.passes(hours=2)
    city.hears("2026-12-03", "1:30 PM")
    city.passes(days=1)
    city.hears("2026-12-04", "10:00 AM")
    city.passes(days=1)
    city.passes(days=6, hours=21, minutes=15)
    city.files("Adopted")
    city.passes(days=2, hours=12)
    city.files("Vetoed by Mayor")
    city.passes(days=9)


BILL = "26-0042 — Ending the honoring of detainers (Exampleville City Council)"
PLACE = "Council Chamber, City Hall, 1 Example Plaza"
LIFE = [
    (
        "channel",
        (
            "Press release: Council member introduces File #26-0042 to end the honoring of "
            "detainers (Exampleville press office)"
        ),
    ),
    ("thread", f"New: {BILL}"),
    (
        "thread and channel",
        (f"On the agenda Thu, Dec 3, 1:30 pm EST: {BILL} · in 9 days · {PLACE}"),
    ),
    (
        "thread and channel",
        (f"Hearing moved to Fri, Dec 4, 10:00 am EST: {BILL} · in 9 days · {PLACE}"),
    ),
    (
        "thread",
        (
            "Reminder: hearing Fri, Dec 4, 10:00 am EST (in 2 days) "
            "· 26-0042 — Ending the honoring of detainers "
            f"· {PLACE}"
        ),
    ),
    ("thread and channel", f"Passed: {BILL}"),
    ("thread and channel", f"Vetoed: {BILL}"),
]


def test_a_bills_life_is_one_thread_in_each_channel(city: City) -> None:
    """From the press release to the veto: what is posted, replied, and shown to everybody."""
    live(city)
    for channel in (ALERTS, NY):
        assert city.messages(channel) == LIFE
    assert city.store.matters.count() == len({"parks", "bill", "meeting"})
    assert dict(city.store.outbox.counts()) == {DeliveryState.SENT: 2 * len(LIFE)}


def test_the_first_message_shows_the_end_of_the_story(city: City) -> None:
    """Stage, direction and who reported it, in both channels; each edit was news."""
    live(city)
    for channel in (ALERTS, NY):
        assert city.parent(channel) == [
            "Now: Vetoed (seen Mon, Dec 14)",
            (
                "Seen: Exampleville press office, Exampleville City Council; 5 changes, the "
                "last on Mon, Dec 14"
            ),
            "Record: 26-0042 — Ending the honoring of detainers",
        ]
    edits = [text for method, text in city.slack.workspace.calls if method == "chat.update"]
    states = [json.dumps([one["channel"], one["blocks"]], sort_keys=True) for one in edits]
    assert len(states) == len(set(states)) == 2 * 5


def test_the_first_message_shows_each_step(city: City) -> None:
    """The next date while it lies ahead, and the stage that the record tells."""
    live(city)
    shown = [
        "".join(one["text"] for one in arguments["blocks"][1]["elements"][0]["elements"])
        for method, arguments in city.slack.workspace.calls
        if method == "chat.update"
    ]
    steps = [text.splitlines()[:-2] for text in shown[::2]]
    assert steps == [
        ["Now: Introduced (seen Mon, Nov 23)"],
        [
            "Now: Hearing set (seen Tue, Nov 24)",
            f"Next: Hearing Thu, Dec 3, 1:30 pm EST · {PLACE}",
        ],
        [
            "Now: Hearing set (seen Tue, Nov 24)",
            f"Next: Hearing Fri, Dec 4, 10:00 am EST · {PLACE}",
        ],
        ["Now: Passed (seen Sat, Dec 5)"],
        ["Now: Vetoed (seen Mon, Dec 14)"],
    ]


def test_another_round_says_nothing(city: City) -> None:
    """The same answers again, a week long: no post and no edit."""
    live(city)
    asked = len(city.slack.workspace.calls)
    for _ in range(7):
        city.passes(days=1)
    assert len(city.slack.workspace.calls) == asked
