"""A canary in every secret variable, all commands run, and nobody hears it sing.

Real processes against services on loopback, which repeat the keys that they are given.
"""

from __future__ import annotations

import base64
import gzip
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from monitor.digest import period_of
from tests.end_to_end.world import REPOSITORY, Ran, World, news, until
from tests.security.product import FAMILIES, key_variables, secret_variables
from tests.security.services import ELSEWHERE, HOSTS, MOODS, SOURCES, Services, certificate, context
from tests.servers.misbehaving import Misbehaving, answer
from tests.servers.posts import HOOK, PostServer
from tests.servers.slack_api import APP_TOKEN
from tests.servers.slack_socket import SocketMode
from tests.servers.smtp import SmtpServer

DETOUR = Path(__file__).with_name("detour")
PERSON = "canary.person@people.test"
WEEK = period_of(datetime.now(UTC), "America/New_York").id
PAGES = ("/", "/status", "/metrics", "/health", "/search?q=detainer", "/feed.atom", "/calendar.ics")
NAMED = ("LEGISTAR_TOKEN_NYC", "SLACK_WEBHOOK_NORTH", "APPRISE_URL_BOARD", "SLACK_WEBHOOK_URL")
COMMANDS = (
    "check", "doctor --json", "status", "status --json",
    "sources list --json", "-vv sources test legistar", "-vv sources test congress --json",
    "-vv sources record minneapolis --to recorded.warc.gz", "filters list",
    "export --format json", "export --format csv --to out.csv", "export --format atom",
    "export --format ics --to out.ics", "backup copy.db", "digest preview --no-open --to preview",
    f"-vv digest send --period {WEEK}", "digest list --json", "outbox list --all --json",
    "-vv outbox retry --all", "search detainer", "matters list --json", "matters show 1",
    "subscribers list --all --json", "health --json",
)  # fmt: skip


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class Aftermath:
    """What all that left behind.

    told: what each command wrote. canaries: the secret part of each variable.
    """

    world: World
    services: Services
    posts: PostServer
    smtp: SmtpServer
    beats: Misbehaving
    port: int = field(default_factory=free_port)
    canaries: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, ran: Ran) -> None:
        """Keep what a command wrote, however it ended."""
        assert ran.status in {0, 1}, f"{name}: {ran.err[-2000:]}"
        self.told[f"{name} ({len(self.told)})"] = ran.out + ran.err


def environment(after: Aftermath) -> dict[str, str]:
    """Give every secret that the product knows a canary, of the form that it needs."""
    made = {}
    for number, name in enumerate(sorted(secret_variables() | set(NAMED))):
        core = after.canaries[name] = f"c4n4ry{number:02}x7Q"
        # What stands in headers and queries is quoted in some places and not in others.
        made[name] = f"{core}/+{core}=="
    after.canaries["SLACK_BOT_TOKEN"] = made["SLACK_BOT_TOKEN"] = after.world.slack.token
    after.canaries["SLACK_APP_TOKEN"] = made["SLACK_APP_TOKEN"] = APP_TOKEN
    after.smtp.login = ("postman", after.canaries["SMTP_URL"])
    for name in ("SLACK_WEBHOOK_URL", "SLACK_WEBHOOK_NORTH"):
        made[name] = f"http://{after.posts.address}{HOOK}-{after.canaries[name]}"
    board = after.canaries["APPRISE_URL_BOARD"]
    beat = f"/ping/{after.canaries['HEARTBEAT_URL']}"
    after.beats.on(beat, answer(b"OK"))
    return made | {
        "SMTP_URL": after.smtp.url,
        "APPRISE_URL_BOARD": f"json://{after.posts.address}/{board}",
        "HEARTBEAT_URL": after.beats.url(beat),
    }


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Run everything once; the tests below look at what it left."""
    root = tmp_path_factory.mktemp("canaries")
    vouched = certificate(tmp_path_factory.mktemp("tls"))
    with ExitStack() as stack:
        enter = stack.enter_context
        services = enter(Services(context(vouched)))
        world = enter(World(root, filter_channels=("#alerts", "webhook:north", "apprise:board")))
        enter(SocketMode(world.slack.workspace))
        made = Aftermath(
            world, services, enter(PostServer()), enter(SmtpServer()), enter(Misbehaving())
        )
        configure(made, vouched)
        run_everything(made)
        run_with_files(made, tmp_path_factory.mktemp("secrets"))
        yield made


def configure(after: Aftermath, vouched: Path) -> None:
    """Write the YAML, and what the processes find around them."""
    world = after.world
    world.fetch = {"private_hosts": [f"{host}:443" for host in HOSTS]}
    world.digests = [{"id": "weekly", "at": "mon 08:00", "timezone": "America/New_York",
                      "title": "The week", "from": "digest@coalition.test"}]  # fmt: skip
    world.watch("herald")
    world.publish("herald", news("old"))
    for name, options in SOURCES.items():
        world.sources[name] = {"jurisdiction": "us", **options}
    world.write_configuration()
    monitor = json.loads((world.root / "monitor.yaml").read_text(encoding="utf-8"))
    world.write("monitor.yaml", monitor | {"web": {"listen": f"127.0.0.1:{after.port}"}})
    world.secrets = environment(after) | {
        "PYTHONPATH": f"{DETOUR}:{REPOSITORY}",
        "DETOUR_PORT": str(after.services.port),
        "SSL_CERT_FILE": str(vouched),
    }


def run_everything(after: Aftermath) -> None:
    """Poll in all moods, with and without trust, with a bug; then run all commands."""
    world = after.world
    after.note("once", world.monitor("-vv", "once"))
    after.note("add", world.monitor("subscribers", "add", PERSON, "--name", "Canary Person"))
    for number, mood in enumerate(MOODS):
        after.services.mood = mood
        world.publish("herald", news("old"), *(news(f"n{one}") for one in range(number + 1)))
        after.note(f"once, each {mood}", world.monitor("-vv", "once"))
    after.note("once, no trust", world.monitor("-vv", "once", SSL_CERT_FILE="/dev/null"))
    after.note("once, a bug", world.monitor("-vv", "once", DETOUR_BUG="1"))
    after.services.mood = "repeats"
    world.began(datetime.now(UTC) - timedelta(days=9))
    for command in COMMANDS:
        after.note(command, world.monitor(*command.split()))
    world.make_due()
    world.publish("herald", news("last"))
    with world.started("-vv", "run") as service:
        until(lambda: after.beats.seen and "last" in str(world.told()))
        for page in PAGES:
            after.told[page] = httpx.get(f"http://127.0.0.1:{after.port}{page}").text
        service.send_signal(signal.SIGTERM)
        assert service.wait(30) == 0


def run_with_files(after: Aftermath, folder: Path) -> None:
    """Do the most talkative things again with each secret in a file of its own."""
    world, direct = after.world, dict(after.world.secrets)
    names = {*after.canaries, "SLACK_BOT_TOKEN"}
    world.secrets = {name: value for name, value in direct.items() if name not in names}
    world.speaks_slack = False
    world.secrets["SLACK_API_URL"] = world.slack.url
    for name in names:
        path = folder / name.lower()
        path.write_text(direct[name], encoding="utf-8")
        path.chmod(0o644)
        world.secrets[f"{name}_FILE"] = str(path)
    after.services.mood = "repeats"
    seen = len(after.services.seen)
    for command in ("check", "doctor", "-vv once", "status --json"):
        after.note(f"{command}, from files", world.monitor(*command.split()))
    assert len(after.services.seen) - seen >= len(SOURCES)


# -------------------------------------------------------------------------------------------------


def forms(secret: str) -> tuple[str, ...]:
    """List how a secret may be written; longer values hold it as it stands, in whatever quoting."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    login = base64.b64encode(f"\0postman\0{secret}".encode()).decode().rstrip("=")
    return secret, quote(secret, safe=""), secret[::-1], encoded, login


def sings(after: Aftermath, text: str) -> set[str]:
    """Name the variables whose secret stands in a text."""
    return {name for name, one in after.canaries.items() if any(f in text for f in forms(one))}


def left_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Read every file of a folder, whatever it is; archives decompressed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            yield str(path), raw.decode("latin-1")
            if path.suffix == ".gz":
                yield f"{path}, decompressed", gzip.decompress(raw).decode("latin-1")


def test_the_canaries_were_where_they_belong(after: Aftermath) -> None:
    """Each was used: a canary that nobody carried would prove nothing."""
    carried: dict[str, set[str]] = {}
    for seen in after.services.seen:
        for name in sings(after, f"{seen.target} {seen.headers}"):
            carried.setdefault(name, set()).add(seen.header("host"))
    assert set(carried) == key_variables() | {"LEGISTAR_TOKEN_NYC"}
    assert {host for hosts in carried.values() for host in hosts} <= set(HOSTS)
    assert any(one.user == "postman" for one in after.smtp.taken)
    paths = {path for path, _ in after.posts.taken}
    assert sings(after, str(paths)) == {"SLACK_WEBHOOK_NORTH", "APPRISE_URL_BOARD"}
    assert sings(after, str([one.target for one in after.beats.seen])) == {"HEARTBEAT_URL"}
    assert len(after.world.told()) > len(MOODS)
    unused = set(after.canaries) - set(carried) - {"SLACK_WEBHOOK_URL"}
    assert unused == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SMTP_URL", "SLACK_WEBHOOK_NORTH",
                      "APPRISE_URL_BOARD", "HEARTBEAT_URL"}  # fmt: skip


def test_every_variable_of_the_product_had_its_canary(after: Aftermath) -> None:
    """The list is the product's own: a new variable is covered, or this fails."""
    assert secret_variables() <= set(after.canaries)
    assert all(any(name.startswith(f) for name in after.canaries) for f in FAMILIES)


def test_no_command_shows_a_secret(after: Aftermath) -> None:
    """Not on stdout nor stderr, in text, JSON, logs at their most talkative, and tracebacks."""
    assert "ZeroDivisionError" in "".join(after.told.values())
    assert "[hidden]" in "".join(after.told.values())
    assert {name: found for name, text in after.told.items() if (found := sings(after, text))} == {}


def test_no_file_holds_a_secret(after: Aftermath) -> None:
    """Neither database nor its log, archive, recording, backup, export, preview, service log."""
    left = dict(left_in(after.world.root))
    ends = ("monitor.db", "copy.db", "out.csv", "out.ics", "recorded.warc.gz", "stderr", ".html")
    assert [end for end in ends if not any(name.endswith(end) for name in left)] == []
    assert "[hidden]" in left[f"{after.world.root / 'recorded.warc.gz'}, decompressed"]
    assert any("state/archive" in name and "decompressed" in name for name in left)
    assert {name: found for name, text in left.items() if (found := sings(after, text))} == {}


def test_no_message_holds_a_secret(after: Aftermath) -> None:
    """Neither Slack's, nor a webhook's, nor a mail's, nor what was sent to a stranger."""
    messages: list[Any] = [after.world.slack.workspace.posted, [m for _, m in after.posts.taken]]
    mails = [
        f"{one.raw!r} {one.message.items()} "
        + " ".join(str(part.get_payload(decode=True)) for part in one.message.walk())
        for one in after.smtp.taken
    ]
    assert mails
    for text in (*(json.dumps(one) for one in messages), *mails):
        assert sings(after, text) == set()
    strangers = [one for one in after.services.seen if one.header("host") not in HOSTS]
    assert {one.header("host") for one in strangers} <= {ELSEWHERE}
    assert sings(after, str(strangers)) == set()


def test_no_subscribers_address_is_shown(after: Aftermath) -> None:
    """It stands in the database and in the mail, and nowhere else."""
    assert after.smtp.addresses() == [PERSON]
    (log,) = [text for name, text in left_in(after.world.root) if name.endswith("stderr")]
    assert len(log) > 1000
    for text in (*after.told.values(), log, str(after.world.slack.workspace.posted)):
        assert "canary.person" not in text
