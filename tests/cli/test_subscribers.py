"""`subscribers`, and copies of digests in `outbox`, `digest`, `doctor` and the service."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.digest import period_of
from monitor.store import DeliveryState, Store
from tests.cli.conftest import Command
from tests.end_to_end.world import World, news, until
from tests.servers.smtp import EVERYBODY, Fault, SmtpServer

ANA, BEA = "ana.canary@people.test", "bea.canary@people.test"
WEEK = period_of(datetime.now(UTC), "America/New_York").id


@pytest.fixture
def smtp(world: World) -> Iterator[SmtpServer]:
    """Start a mail server that the environment names."""
    with SmtpServer() as running:
        world.secrets["SMTP_URL"] = running.url
        yield running
    assert running.violations == []


def configure(world: World, **options: Any) -> None:
    """Add options to monitor.yaml."""
    path = world.root / "monitor.yaml"
    path.write_text(json.dumps(json.loads(path.read_text()) | options), encoding="utf-8")


def listed(monitor: Command, *options: str) -> list[dict[str, Any]]:
    """Read the list of subscribers."""
    rows: list[dict[str, Any]] = monitor("subscribers", "list", "--json", *options).json
    return rows


def write_csv(folder: Path, text: str, encoding: str = "utf-8") -> str:
    """Write a file of subscribers."""
    path = folder / "people.csv"
    path.write_text(text, encoding=encoding)
    return str(path)


# -------------------------------------------------------------------------------------- by hand


def test_a_subscriber_is_added_with_choices_and_shown_masked(monitor: Command) -> None:
    """In full only where that is asked for; no list shows the token."""
    ran = monitor(
        "subscribers", "add", ANA, "--topic", "sanctuary", "--in", "ny", "--in", "ca/oakland",
        "--language", "es", "--daily", "--name", "Ana Canary",
    )  # fmt: skip
    assert ran.status == 0
    assert ran.out == "a…@people.test was added.\n"
    (row,) = listed(monitor)
    assert (row["address"], row["name"], row["standing"]) == ("a…@people.test", "", "confirmed")
    assert row["jurisdictions"] == ["ca/oakland", "ny"]
    assert (row["topics"], row["language"], row["frequency"]) == (["sanctuary"], "es", "daily")
    assert "token" not in row
    assert "canary" not in monitor("subscribers", "list").out.lower()
    assert listed(monitor, "--full")[0]["address"] == ANA
    assert ANA in monitor("subscribers", "list", "--full").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("canary at people.test",), "no e-mail address"),
        (("canary@people",), "no name of a domain"),
        ((ANA, "--topic", "sanctuari"), "did you mean 'sanctuary'?"),
        ((ANA, "--in", "nyy"), "nyy"),
        ((ANA, "--language", "fr"), "'fr' is not one of"),
        ((ANA, "--name", "two\nlines"), "a line break"),
    ],
)
def test_what_cannot_be_added_is_told_without_the_address(
    monitor: Command, world: World, arguments: tuple[str, ...], says: str
) -> None:
    """Status 2, and nothing is stored."""
    ran = monitor("subscribers", "add", *arguments)
    assert ran.status == 2
    assert says in ran.err
    assert "canary" not in ran.err
    assert not world.database.exists()


def test_removing_bouncing_and_coming_back(monitor: Command) -> None:
    """Who was removed is added again as before; whose mail came back, only on purpose."""
    monitor("subscribers", "add", ANA)
    assert (
        monitor("subscribers", "remove", ANA.upper()).out == "a…@people.test gets nothing more.\n"
    )
    assert listed(monitor) == []
    assert "is back" in monitor("subscribers", "add", ANA).out
    assert monitor("subscribers", "bounce", ANA).status == 0
    again = monitor("subscribers", "add", ANA)
    assert (again.status, "--again" in again.err) == (1, True)
    assert listed(monitor, "--all")[0]["standing"] == "bounced"
    assert monitor("subscribers", "add", ANA, "--again").status == 0
    assert monitor("subscribers", "unsubscribe", ANA).status == 0
    assert "had ended before" in monitor("subscribers", "remove", ANA).out
    assert monitor("subscribers", "remove", ANA, "--erase").status == 0
    assert listed(monitor, "--all") == []
    assert "no such subscriber" in monitor("subscribers", "remove", ANA).err
    assert monitor("subscribers", "confirm", "made-up").status == 2
    assert "no address" in monitor("subscribers", "bounce", "x@y@z").err


def test_who_would_wait_for_ever_is_told_of(monitor: Command, world: World) -> None:
    """For a digest that never comes, or a topic whose filter was renamed."""
    weekly = {"id": "weekly", "at": "mon 08:00", "from": "digest@people.test"}
    configure(world, digests=[weekly])
    assert monitor("subscribers", "add", BEA).err == ""
    ran = monitor("subscribers", "add", ANA, "--daily", "--topic", "sanctuary")
    assert "No digest in monitor.yaml comes daily" in ran.err
    assert "No digest in monitor.yaml comes daily" in monitor("subscribers", "list").err
    configure(world, digests=[weekly, weekly | {"id": "daily", "at": "daily 08:00"}])
    assert monitor("subscribers", "list").err == ""
    for path in (world.root / "filters").glob("*.yaml"):
        path.write_text(path.read_text().replace("topic: sanctuary", "topic: refuge"))
    ran = monitor("subscribers", "list")
    assert "No filter is called 'sanctuary' any more" in ran.err


# -------------------------------------------------------------------------------------- a file


def test_a_file_is_imported_whole_and_again_without_harm(monitor: Command, tmp_path: Path) -> None:
    """As spreadsheets write it: with a byte order mark, semicolons, quotes and empty lines."""
    text = (
        "Address;Name;Topics;Jurisdictions;Language;Frequency\r\n"
        f'{ANA};"Canary; Ana";sanctuary detainers;ny;es;daily\r\n'
        ";;;;;\r\n"
        f"{BEA};;;;;\r\n"
    )
    file = write_csv(tmp_path, text, "utf-8-sig")
    assert monitor("subscribers", "import", file).out == "2 subscribers added.\n"
    ana, bea = listed(monitor, "--full")
    assert (ana["name"], ana["topics"]) == ("Canary; Ana", ["detainers", "sanctuary"])
    assert (bea["language"], bea["frequency"]) == ("en", "weekly")
    monitor("subscribers", "unsubscribe", BEA)
    again = monitor("subscribers", "import", file)
    assert again.status == 0
    assert again.out == "1 subscriber known already.\n1 subscriber left out.\n"
    assert "people.csv:4: b…@people.test has ended (unsubscribed)" in again.err


def test_nothing_is_imported_while_a_line_is_wrong(
    monitor: Command, world: World, tmp_path: Path
) -> None:
    """Each fault with its line, none with an address, not even one in the wrong column."""
    file = write_csv(
        tmp_path,
        "address,topics,jurisdictions,language\n"
        f"{ANA},,,\n"
        "canary@people,,,\n"
        f"{BEA},{BEA},,\n"
        "cy.canary@people.test,,nowhere,\n"
        "di.canary@people.test,,,latin\n"
        "eve.canary@people.test,,,en,more\n"
        f"{ANA.upper()},,,\n",
    )
    ran = monitor("subscribers", "import", file)
    assert ran.status == 2
    for line in (3, 4, 5, 6, 7, 8):
        assert f"people.csv:{line}: " in ran.err
    assert "people.csv:2: " not in ran.err
    assert "stands on line 2 already" in ran.err
    assert "canary" not in ran.err.lower()
    assert not world.database.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column is called address"),
        (f"{ANA}\n", "no column is called address"),
        ("adress,address\n", "did you mean 'address'?"),
        (f"address,{ANA}\n", "unknown column 'a…@people.test'"),
        ("address,address\n", "stands there twice"),
        ('address\n"ana\n', "people.csv:2:"),
    ],
)
def test_a_file_without_a_proper_heading_is_told(
    monitor: Command, tmp_path: Path, text: str, says: str
) -> None:
    """The first line names the columns."""
    ran = monitor("subscribers", "import", write_csv(tmp_path, text))
    assert ran.status == 2
    assert says in ran.err
    assert "canary" not in ran.err


def test_a_file_that_cannot_be_read_is_told(monitor: Command, tmp_path: Path) -> None:
    """Missing, or in an old coding."""
    assert "No such file" in monitor("subscribers", "import", str(tmp_path / "no.csv")).err
    file = write_csv(tmp_path, "address,name\na@b.test,Nuñez\n", "latin-1")
    assert "CSV UTF-8" in monitor("subscribers", "import", file).err


# -------------------------------------------------------------------------------------- digests


@pytest.fixture
def busy(monitor: Command, world: World) -> World:
    """Have a week with one matter that was found after the first poll."""
    monitor("once")
    world.publish("herald", news("a"), news("c"))
    assert monitor("once").status == 0
    return world


def test_each_subscriber_gets_its_part_in_its_language(
    monitor: Command, busy: World, smtp: SmtpServer
) -> None:
    """Once, however often it is sent."""
    monitor("subscribers", "add", ANA)
    monitor("subscribers", "add", BEA, "--in", "ca", "--language", "es")
    for _ in range(2):
        sent = monitor("digest", "send", "--period", WEEK)
        assert sent.status == 0
    assert smtp.addresses() == [ANA, BEA]
    ana, bea = (one.message for one in smtp.taken)
    assert "1 matter" in ana["Subject"]
    assert "A detainer policy named c" in str(ana)
    assert "sin novedades" in bea["Subject"]
    assert "A detainer policy named c" not in str(bea)
    assert ANA not in str(bea)
    assert ana["From"].addresses[0].addr_spec == "watch@coalition.test"
    assert busy.database.exists()


def test_with_a_public_address_a_subscriber_is_asked_first(
    monitor: Command, busy: World, smtp: SmtpServer
) -> None:
    """No digest before the word that they send back, or the page, has confirmed them."""
    configure(busy, public_url="https://watch.coalition.test")
    added = monitor("subscribers", "add", ANA)
    assert "asked by mail to confirm" in added.out
    assert listed(monitor)[0]["standing"] == "invited"
    assert monitor("digest", "send", "--period", WEEK).status == 0
    (asked,) = smtp.taken
    text = asked.message.get_content()
    (link,) = [word for word in text.split() if word.startswith("https://")]
    token = link.rpartition("/")[2]
    assert link == f"https://watch.coalition.test/confirm/{token}"
    assert monitor("subscribers", "confirm", token).out == "a…@people.test gets digests.\n"
    monitor("digest", "send", "--period", WEEK)
    digest = smtp.taken[1].message
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"https://watch.coalition.test/unsubscribe/{token}" in digest["List-Unsubscribe"]
    assert monitor("subscribers", "unsubscribe", token).status == 0
    assert monitor("subscribers", "confirm", token).status == 1
    assert len(smtp.taken) == 2


def test_copies_in_doubt_or_refused_are_settled_in_the_outbox(
    monitor: Command, busy: World, smtp: SmtpServer
) -> None:
    """Their numbers begin with m; nothing shows the address."""
    for address in (ANA, BEA):
        monitor("subscribers", "add", address)
    smtp.faults[ANA] = [Fault("end", then="drop")]
    smtp.faults[BEA] = [Fault("rcpt", f"550 5.7.1 <{BEA}> does not want this")]
    assert monitor("digest", "send", "--period", WEEK).status == 1
    rows = [r for r in monitor("outbox", "list", "--json").json if str(r["id"]).startswith("m")]
    assert {row["id"]: row["state"] for row in rows} == {"m1": "unknown", "m2": "failed"}
    shown = monitor("outbox", "list").out
    assert f"weekly {WEEK} for a…@people.test" in shown
    assert "canary" not in shown + json.dumps(rows)
    assert monitor("outbox", "retry", "m2").out == "1 copy of digests queued again.\n"
    assert monitor("outbox", "resolve", "m1", "sent").out == "Copy m1: sent.\n"
    assert "was sent already" in monitor("outbox", "resolve", "m1", "retry").err
    assert "There is no copy of a digest m9" in monitor("outbox", "resolve", "m9", "drop").err
    assert "is no number of the outbox" in monitor("outbox", "resolve", "x1", "drop").err
    assert monitor("once").status == 0
    assert smtp.addresses() == [BEA]
    with Store.open(busy.database) as store:
        assert dict(store.mailings.counts()) == {DeliveryState.SENT: 2}


def test_no_address_stands_in_anything_the_commands_show(
    monitor: Command, busy: World, smtp: SmtpServer
) -> None:
    """Logs, errors, status, what is posted to Slack, and what is kept for it."""
    monitor("subscribers", "add", ANA, "--name", "Ana Canary")
    smtp.faults[ANA] = [Fault("rcpt", f"550 5.7.1 {ANA}: ana.canary: no")] * 9
    ran = [monitor("-vv", "digest", "send", "--period", WEEK)]
    ran += [
        monitor("-vv", *words.split())
        for words in (
            "once", "status --json", "status", "outbox list --all --json", "outbox list --all",
            "digest list --json", "doctor --json", "subscribers list --all --json",
            "outbox retry --all", "once",
        )
    ]  # fmt: skip
    told = " ".join(busy.told("#health")) + " ".join(busy.told())
    kept = " ".join(str(row) for row in busy.outbox())
    for text in (*(one.out + one.err for one in ran), told, kept):
        assert "canary" not in text.lower()
    assert "a copy was refused" in ran[0].err
    assert "Copies of a digest need a person" in kept


# -------------------------------------------------------------------------------------- doctor


def finding(monitor: Command, subject: str) -> dict[str, Any]:
    """Return what doctor says of a subject."""
    found: dict[str, Any] = {one["subject"]: one for one in monitor("doctor", "--json").json}
    return dict(found.get(subject, {}))


def test_doctor_tries_the_mail_server_without_sending(
    monitor: Command, world: World, smtp: SmtpServer
) -> None:
    """And looks at the address that digests come from."""
    configure(world, digests=[{"id": "weekly", "at": "mon 08:00", "from": "news@example.org"}])
    assert finding(monitor, "e-mail")["level"] == "ok"
    assert finding(monitor, "digest weekly")["level"] == "warn"
    configure(world, digests=[{"id": "weekly", "at": "mon 08:00", "from": "news@coalition.test"}])
    assert finding(monitor, "digest weekly")["level"] == "ok"
    configure(world, contact="https://coalition.test/about", digests=[])
    assert finding(monitor, "digest weekly")["level"] == "fail"
    assert smtp.taken == []
    assert smtp.recipients == []


def test_doctor_says_what_is_wrong_with_the_mail_server(
    monitor: Command, world: World, smtp: SmtpServer
) -> None:
    """Refused, away, or an address that cannot be read; never with the password."""
    smtp.faults[EVERYBODY] = [Fault("ehlo", "550 5.7.1 No")]
    assert "550 5.7.1" in finding(monitor, "e-mail")["says"]
    for url, level in (
        ("smtp://user:canary@127.0.0.1:1", "fail"),
        ("smtp://user:canary@", "fail"),
    ):
        world.secrets["SMTP_URL"] = url
        found = finding(monitor, "e-mail")
        assert found["level"] == level
        assert "canary" not in json.dumps(found)
    del world.secrets["SMTP_URL"]
    assert finding(monitor, "e-mail") == {}


def test_digests_without_a_mail_server_are_a_warning(monitor: Command, world: World) -> None:
    """Copies wait until there is one."""
    configure(world, digests=[{"id": "weekly", "at": "mon 08:00"}])
    assert finding(monitor, "e-mail")["level"] == "warn"


def test_a_wrong_address_of_the_mail_server_is_status_2(monitor: Command, world: World) -> None:
    """Nothing runs, and the password is not shown."""
    world.secrets["SMTP_URL"] = "smtp://user:canary@"
    ran = monitor("once")
    assert ran.status == 2
    assert "SMTP_URL" in ran.err
    assert "canary" not in ran.err


@pytest.mark.parametrize(
    "options",
    [
        {"public_url": "http://watch.coalition.test"},
        {"public_url": "https://watch"},
        {"public_url": "https://watch.coalition.test/?x=1"},
        {"mail": {"per_second": 0}},
        {"mail": {"name": "my machine"}},
        {"digests": [{"id": "weekly", "at": "mon 08:00", "from": "nobody"}]},
        {"digests": [{"id": "weekly", "at": "mon 08:00", "sender": "a@coalition.test"}]},
    ],
)
def test_wrong_options_for_mail_are_told(
    monitor: Command, world: World, options: dict[str, Any]
) -> None:
    """With file and line, before anything runs."""
    configure(world, **options)
    ran = monitor("check")
    assert ran.status == 2
    assert "monitor.yaml:1" in ran.err


# -------------------------------------------------------------------------------------- service


def test_the_service_mails_what_waits_and_ends_when_asked_to(monitor: Command, busy: World) -> None:
    """A copy that was queued without a mail server goes out as soon as there is one."""
    monitor("subscribers", "add", ANA)
    sent = monitor("digest", "send", "--period", WEEK)
    assert "1 copy waits until SMTP_URL is set" in sent.out
    with SmtpServer() as smtp:
        busy.secrets["SMTP_URL"] = smtp.url
        with busy.started("-v", "run") as process:
            until(lambda: smtp.taken)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        assert smtp.addresses() == [ANA]
    assert smtp.violations == []
    logged = (busy.root / "stderr").read_text(encoding="utf-8")
    assert '"event": "mailed"' in logged
    assert "canary" not in logged
