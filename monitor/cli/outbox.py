"""`outbox`: what is on its way, what failed, and what nobody knows of whether it came.

Alerts are numbered 12, copies of digests m12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import click

from monitor.addresses import masked
from monitor.cli import Group
from monitor.cli.common import Desk, ago, counted, now, print_json, say, table
from monitor.store import DeliveryState, Mailing, MailKind, OutboxRow, Store, Verdict
from monitor.text import one_line

OPEN_STATES = tuple(
    s for s in DeliveryState if s not in (DeliveryState.SENT, DeliveryState.DROPPED)
)


@click.group(cls=Group)
def outbox() -> None:
    """See alerts and digests on their way, retry failed ones, settle those of unknown outcome.

    An alert is queued in the same moment as its item is stored, reserved before it is sent, and
    confirmed when the channel has taken it. So is each subscriber's copy of a digest; copies are
    numbered m1, m2, and so on.
    """


@dataclass(frozen=True, slots=True)
class Ref:
    """What a person means: an alert by its number, or a copy of a digest."""

    number: int
    is_copy: bool

    def __str__(self) -> str:
        return f"m{self.number}" if self.is_copy else str(self.number)


class RefType(click.ParamType[Ref]):
    """A number as `outbox list` shows it: 12 for an alert, m12 for a copy of a digest."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Ref:
        """Read a number; click reports the cure where it cannot be read."""
        if isinstance(value, Ref):
            return value
        found = re.fullmatch(r"(m?)([0-9]{1,18})", str(value).strip().lower())
        if not found:
            self.fail(f"{value!r} is no number of the outbox; write 12, or m12", param, ctx)
        return Ref(int(found[2]), bool(found[1]))


@outbox.command("list")
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in DeliveryState]),
    multiple=True,
    help="Only these; default: all that are not sent.",
)
@click.option("--all", "everything", is_flag=True, help="Also what was sent.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="Show at most so many."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(
    desk: Desk, states: tuple[str, ...], limit: int, *, everything: bool, as_json: bool
) -> int:
    """List alerts and copies of digests that are not sent yet, or in the states named."""
    wanted = tuple(DeliveryState(state) for state in states)
    if not wanted:
        wanted = tuple(DeliveryState) if everything else OPEN_STATES
    with desk.store() as store:
        rows = store.outbox.listed(wanted, limit=limit)
        copies = store.mailings.listed(wanted, limit=limit)
    if as_json:
        print_json([*map(shown, rows), *map(shown_copy, copies)])
    elif not rows and not copies:
        click.echo(nothing(wanted))
    else:
        table(
            ("ID", "STATE", "CHANNEL", "TRIES", "MADE", "WHAT", "ERROR"),
            [*lines(rows), *copy_lines(copies)],
        )
    return 0


def lines(rows: Iterable[OutboxRow]) -> list[tuple[str, ...]]:
    """Lay alerts out as lines of a table."""
    present = now()
    return [
        (
            str(row.id),
            row.state.value,
            row.alert.channel,
            str(row.attempts),
            ago(row.created_at, present),
            one_line(row.alert.headline, 60),
            row.error,
        )
        for row in rows
    ]


def copy_lines(copies: Iterable[Mailing]) -> list[tuple[str, ...]]:
    """Lay copies of digests out as lines of a table."""
    present = now()
    return [
        (
            f"m{one.id}",
            one.state.value,
            "email",
            str(one.attempts),
            ago(one.created_at, present),
            what(one),
            one.error,
        )
        for one in copies
    ]


def what(copy: Mailing) -> str:
    """Say what a copy is of, and whose; the address masked."""
    who = masked(copy.subscriber.address)
    if copy.kind is MailKind.INVITATION:
        return f"invitation for {who}"
    return f"{copy.digest} {copy.period} for {who}"


def nothing(states: tuple[DeliveryState, ...]) -> str:
    """Say that no alert is in these states, and what that means."""
    if states == OPEN_STATES:
        return "Nothing waits: every alert was delivered."
    if DeliveryState.SENT in states and len(states) > 1:
        return "No alerts yet."
    return f"No alert is {' or '.join(state.value for state in states)}."


@outbox.command()
@click.argument("ids", nargs=-1, type=RefType(), metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every failed alert and copy.")
@click.pass_obj
def retry(desk: Desk, ids: tuple[Ref, ...], *, everything: bool) -> int:
    """Queue failed alerts and copies of digests again: those named, or all."""
    if not ids and not everything:
        raise click.UsageError("name alerts by their ID, or say --all")
    with desk.store_to_change() as store:
        for ref in ids:
            if not known(store, ref):
                return 2
        alerts, copies = ([r.number for r in ids if r.is_copy is copy] for copy in (False, True))
        count = store.outbox.retry(now(), None if everything else alerts)
        mailed = store.mailings.retry(now(), None if everything else copies)
        for paused in store.pauses.states():
            store.pauses.resume(paused.channel)
    if count or not mailed:
        click.echo(f"{counted(count, 'alert')} queued again.")
    if mailed:
        click.echo(f"{counted(mailed, 'copy', 'copies')} of digests queued again.")
    return 0


@outbox.command()
@click.argument("ref", type=RefType(), metavar="ID")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@click.pass_obj
def resolve(desk: Desk, ref: Ref, verdict: str) -> int:
    """Say what became of an alert or copy of unknown outcome, after a look or a question.

    sent: it is there. retry: it is not there, send it again. drop: nobody needs it any more.
    """
    with desk.store_to_change() as store:
        if not known(store, ref):
            return 2
        box = store.mailings if ref.is_copy else store.outbox
        try:
            box.resolve(ref.number, Verdict(verdict), now())
        except ValueError as fault:
            say(f"{fault}; there is nothing to settle.")
            return 2
    click.echo(f"{'Copy' if ref.is_copy else 'Alert'} {ref}: {verdict}.")
    return 0


def known(store: Store, ref: Ref) -> bool:
    """Say whether there is such an alert or copy; tells the person where there is none."""
    try:
        (store.mailings if ref.is_copy else store.outbox).row(ref.number)
    except KeyError:
        noun = "copy of a digest" if ref.is_copy else "alert"
        say(f"There is no {noun} {ref}; `monitor outbox list --all` shows them.")
        return False
    return True


def shown(row: OutboxRow) -> dict[str, object]:
    """Lay an alert out for --json."""
    return {
        "id": row.id,
        "key": row.alert.key,
        "state": row.state.value,
        "channel": row.alert.channel,
        "kind": row.alert.kind,
        "matter": row.alert.matter,
        "headline": row.alert.headline,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "next_attempt_at": row.next_attempt_at,
        "reference": row.reference,
        "error": row.error,
        "error_code": row.error_code,
    }


def shown_copy(copy: Mailing) -> dict[str, object]:
    """Lay a copy of a digest out for --json, as an alert is; the address masked."""
    return {
        "id": f"m{copy.id}",
        "key": f"{copy.digest} {copy.period}".strip(),
        "state": copy.state.value,
        "channel": "email",
        "kind": copy.kind.value,
        "matter": 0,
        "headline": what(copy),
        "attempts": copy.attempts,
        "created_at": copy.created_at,
        "next_attempt_at": copy.next_attempt_at,
        "reference": copy.message_id,
        "error": copy.error,
        "error_code": copy.error_code,
    }
