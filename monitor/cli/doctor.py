"""`doctor` says what is not usable, and what to do about it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.channels import (
    NotifyChannel,
    SlackChannel,
    WebhookChannel,
    check_slack,
    check_socket,
)
from monitor.channels.email_check import check as check_email
from monitor.channels.notify import LACKS as NOTIFY_LACKS
from monitor.channels.slack_scopes import BOT_TOKEN
from monitor.channels.smtp_url import VARIABLE as SMTP_URL
from monitor.channels.smtp_url import read_smtp_url
from monitor.channels.webhook import LACKS as WEBHOOK_LACKS
from monitor.cli.common import Desk, counted, now, plain, print_json
from monitor.cli.permissions import permissions
from monitor.config import Config, open_files
from monitor.config.ways import (
    APPRISE,
    WEBHOOK,
    addresses,
    is_slack,
    variable,
    variables,
)
from monitor.errors import ConfigError, StoreError
from monitor.files import make_private_folder
from monitor.heart import Ears
from monitor.letters import letterheads, mail_server
from monitor.models import Finding, Level
from monitor.ocr import ocr_available
from monitor.station import SLACK_API, SLACK_APP_TOKEN, SLACK_TOKEN
from monitor.store import Store

LEAST_FREE = 500_000_000
# A clock before the release of this program is wrong, and breaks every certificate and due time.
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
SIGNS = {
    Level.OK: ("ok  ", "green"),
    Level.WARN: ("warn", "yellow"),
    Level.FAIL: ("FAIL", "red"),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(desk: Desk, *, as_json: bool) -> int:
    """Test configuration, keys, Slack, e-mail, database, disk and clock, and say what to do.

    Exit status 1 says that something has to be mended before the monitor can be relied on.
    """
    findings = list(examine(desk))
    if as_json:
        print_json([plain(finding) for finding in findings])
    else:
        for finding in findings:
            sign, colour = SIGNS[finding.level]
            mark = click.style(sign, fg=colour) if sys.stdout.isatty() else sign
            click.echo(f"{mark}  {finding.subject}: {finding.says}")
            if finding.cure:
                click.echo(f"      {finding.cure}")
    return int(any(finding.level is Level.FAIL for finding in findings))


def examine(desk: Desk) -> Iterator[Finding]:
    """Try everything, one finding each."""
    yield clock()
    yield from state_folder(desk.places.state)
    yield from database(desk)
    yield from permissions(desk.config_dir, desk.places.state)
    yield scanned_pages()
    yield from configuration(desk)
    yield from slack(desk)
    yield from email(desk)
    yield from web(desk)


def clock() -> Finding:
    """Say whether the clock can be right."""
    present = now()
    if present < RELEASED:
        return Finding(
            Level.FAIL,
            "clock",
            f"it shows {present:%Y-%m-%d %H:%M} UTC, before this program was released",
            "Set the clock, and let NTP keep it (timedatectl set-ntp true).",
        )
    return Finding(Level.OK, "clock", f"{present:%Y-%m-%d %H:%M} UTC")


def state_folder(folder: Path) -> Iterator[Finding]:
    """Say whether the state folder can be written, is private, and has room."""
    try:
        make_private_folder(folder)
        free = shutil.disk_usage(folder).free
    except OSError as fault:
        yield Finding(
            Level.FAIL, "state", f"{folder}: {fault.strerror}", "Give --state another folder."
        )
        return
    if not os.access(folder, os.W_OK):
        cure = f"As root: chown -R {os.geteuid()}:{os.getegid()} {shlex.quote(str(folder))}"
        yield Finding(Level.FAIL, "state", f"{folder} cannot be written", cure)
        return
    yield Finding(Level.OK, "state", f"{folder} can be written")
    room = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE:
        cure = "Make room, or keep recorded answers shorter (retention: archive in monitor.yaml)."
        yield Finding(Level.FAIL, "disk", room, cure)
    else:
        yield Finding(Level.OK, "disk", room)


def scanned_pages() -> Finding:
    """Say whether pages that are pictures can be read; an extra, no fault."""
    if ocr_available():
        return Finding(Level.OK, "scanned pages", "tesseract reads them")
    cure = "To have them read: apt-get install tesseract-ocr"
    return Finding(Level.WARN, "scanned pages", "left unread, tesseract is not installed", cure)


def database(desk: Desk) -> Iterator[Finding]:
    """Say whether the database is whole."""
    path = desk.places.database
    if not path.exists():
        yield Finding(Level.OK, "database", "none yet; the first `monitor once` makes it")
        return
    try:
        with Store.open(path, read_only=True) as store:
            faults = store.upkeep.check()
            items = store.items.count()
    except StoreError as fault:
        cure = "Stop the service, keep the file aside, and restore the last backup."
        yield Finding(Level.FAIL, "database", str(fault), cure)
        return
    if faults:
        cure = "Stop the service, keep the file aside, and restore the last backup."
        yield Finding(Level.FAIL, "database", "; ".join(faults[:3]), cure)
        return
    yield Finding(Level.OK, "database", f"whole, {counted(items, 'item')}")


def configuration(desk: Desk) -> Iterator[Finding]:
    """Say whether the YAML is right, and which sources wait for a key."""
    try:
        config, secrets = desk.config, desk.secrets
    except ConfigError as fault:
        count = counted(len(fault.complaints), "fault")
        yield Finding(
            Level.FAIL, "configuration", f"{count}: {fault.complaints[0]}", "Run `monitor check`."
        )
        return
    enabled = [source for source in config.sources if source.enabled]
    says = f"{counted(len(enabled), 'enabled source')}, {len(config.filters.filters)} filters"
    yield Finding(Level.OK, "configuration", says)
    if config.monitor.contact.endswith("@example.org"):
        cure = "Put your own address into monitor.yaml: publishers write to it before they block."
        yield Finding(Level.WARN, "contact", config.monitor.contact, cure)
    for source in enabled:
        missing = [name for name in source.connector.needs if not secrets.get(name)]
        if missing:
            cure = f"Set {' and '.join(missing)}, or `enabled: false`."
            yield Finding(Level.WARN, source.id, "skipped, it needs a key", cure)


def slack(desk: Desk) -> Iterator[Finding]:
    """Say whether Slack takes our posts, in every channel that the configuration names."""
    try:
        config, secrets = desk.config, desk.secrets
    except ConfigError:
        return
    yield from secret_files(config)
    yield from other_ways(config, secrets)
    token = secrets.get(SLACK_TOKEN)
    if not token:
        yield no_app(secrets)
        return
    url = secrets.get("SLACK_API_URL") or SLACK_API
    if not token.startswith(BOT_TOKEN):
        says = f"{SLACK_TOKEN} holds no bot token: those begin with {BOT_TOKEN}"
        cure = "Copy the “Bot User OAuth Token” from OAuth & Permissions in the app's settings."
        yield Finding(Level.WARN, "Slack token", says, cure)
    channels = tuple(filter(is_slack, config.channels))
    yield from check_slack(SlackChannel(token, url), channels, now())
    heard = Ears(desk.places.state).hear(now())
    yield check_socket(secrets.get(SLACK_APP_TOKEN, ""), url, heard=heard)


def email(desk: Desk) -> Iterator[Finding]:
    """Say whether digests can be mailed; nothing where none are wanted."""
    try:
        settings, secrets = desk.config.monitor, desk.secrets
        place = read_smtp_url(secrets[SMTP_URL]) if secrets.get(SMTP_URL) else None
    except ConfigError as fault:
        if fault.complaints[0].startswith(SMTP_URL):
            cure = "Correct the variable (README, “E-mail”)."
            yield Finding(Level.FAIL, "e-mail", fault.complaints[0], cure)
        return
    if place is None:
        if settings.digests:
            cure = f"Set {SMTP_URL} (README, “E-mail”); until then copies of digests wait."
            yield Finding(Level.WARN, "e-mail", "not configured", cure)
        return
    heads = letterheads(settings)
    names = [one.id for one in settings.digests] or list(heads) or ["weekly"]
    senders = {name: heads[name].sender if name in heads else "" for name in names}
    yield from check_email(mail_server(place, settings), senders)


def web(desk: Desk) -> Iterator[Finding]:
    """Say where the web pages are, and who can read them; nothing where none are wanted."""
    try:
        settings = desk.config.monitor
    except ConfigError:
        return
    if settings.web is None:
        if settings.public_url:
            cure = "Add web: {listen: 127.0.0.1:8287} to monitor.yaml, and a proxy before it."
            yield Finding(Level.WARN, "web pages", "nobody answers at public_url", cure)
        return
    host, port = settings.web.listen
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if settings.web.is_exposed:
        says = f"{address} shows matters, channels and sources to whoever reaches that port"
        cure = "Let only a proxy or a firewall's inside reach it, or listen on 127.0.0.1."
        yield Finding(Level.WARN, "web pages", says, cure)
    else:
        yield Finding(Level.OK, "web pages", f"{address}, for this machine alone")


def no_app(secrets: Mapping[str, str]) -> Finding:
    """Say what becomes of alerts for Slack's channels where there is no app."""
    variable_ = variable(WEBHOOK)
    if variable_ in secrets:
        says = f"no app: what is for its channels goes to the webhook in {variable_}"
        cure = f"Set {SLACK_TOKEN} where an app is allowed: threads, edits and buttons need it."
        return Finding(Level.WARN, "Slack", says, cure)
    cure = (
        f"Set {SLACK_TOKEN} (README, “Slack”), or {variable_} where an app is not allowed; until "
        "then alerts appear on the console."
    )
    return Finding(Level.WARN, "Slack", "not configured", cure)


def other_ways(config: Config, secrets: Mapping[str, str]) -> Iterator[Finding]:
    """Say whether webhooks and apprise's services take our posts, and what they lack."""
    stand_in = (WEBHOOK,) if variable(WEBHOOK) in secrets and SLACK_TOKEN not in secrets else ()
    named = variables((*config.channels, *stand_in))
    urls = addresses(named, secrets)
    hooks = WebhookChannel(urls, named)
    services = NotifyChannel(urls, named)
    for channel in named:
        is_hook = not channel.startswith(APPRISE)
        fault = hooks.probe(channel) if is_hook else services.probe(channel)
        if fault is not None:
            cure = "Mend that; until then its alerts wait, and none is lost."
            yield Finding(Level.FAIL, channel, f"{fault.reason} ({fault.code})", cure)
        elif is_hook:
            yield Finding(Level.OK, channel, f"takes posts, but {WEBHOOK_LACKS}")
        else:
            who = services.service_name(channel)
            says = f"{who}; not tried, for that would post; it has {NOTIFY_LACKS}"
            yield Finding(Level.OK, channel, says)
    for name in sorted(set(secrets) - set(named.values())):
        if name.startswith(("SLACK_WEBHOOK_", "APPRISE_URL_")):
            cure = "Name its channel in monitor.yaml or a filter (README, “Other services”)."
            yield Finding(Level.WARN, name, "is set, and nothing goes there", cure)


def secret_files(config: Config) -> Iterator[Finding]:
    """Warn of secrets that everybody on this machine can read or replace."""
    needs = {name for source in config.sources for name in source.connector.needs}
    for name in open_files(os.environ, needs):
        says = "its file is open to everybody on this machine"
        cure = f"chmod 600 {shlex.quote(os.environ[name].strip())}"
        yield Finding(Level.WARN, name, says, cure)
