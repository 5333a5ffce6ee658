"""`outbox`: alerts on their way, failed ones, and those of which nobody knows whether they came."""

from __future__ import annotations

import click

from monitor.cli import Group
from monitor.cli.common import Desk, ago, counted, now, print_json, say, table
from monitor.store import DeliveryState, OutboxRow, Store, Verdict
from monitor.text import one_line

OPEN_STATES = tuple(
    s for s in DeliveryState if s not in (DeliveryState.SENT, DeliveryState.DROPPED)
)


@click.group(cls=Group)
def outbox() -> None:
    """See alerts on their way, retry failed ones, settle those of unknown outcome.

    An alert is queued in the same moment as its item is stored, reserved before it is sent, and
    confirmed when the channel has taken it.
    """


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
    """List alerts that are not sent yet, or in the states named."""
    wanted = tuple(DeliveryState(state) for state in states)
    if not wanted:
        wanted = tuple(DeliveryState) if everything else OPEN_STATES
    with desk.store() as store:
        rows = store.outbox.listed(wanted, limit=limit)
    if as_json:
        print_json([shown(row) for row in rows])
    elif not rows:
        click.echo(nothing(wanted))
    else:
        present = now()
        table(
            ("ID", "STATE", "CHANNEL", "TRIES", "MADE", "WHAT", "ERROR"),
            [
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
            ],
        )
    return 0


def nothing(states: tuple[DeliveryState, ...]) -> str:
    """Say that no alert is in these states, and what that means."""
    if states == OPEN_STATES:
        return "Nothing waits: every alert was delivered."
    if DeliveryState.SENT in states and len(states) > 1:
        return "No alerts yet."
    return f"No alert is {' or '.join(state.value for state in states)}."


@outbox.command()
@click.argument("ids", nargs=-1, type=int, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Every failed alert.")
@click.pass_obj
def retry(desk: Desk, ids: tuple[int, ...], *, everything: bool) -> int:
    """Queue failed alerts again: those named, or all."""
    if not ids and not everything:
        raise click.UsageError("name alerts by their ID, or say --all")
    with desk.store_to_change() as store:
        for number in ids:
            if not known(store, number):
                return 2
        count = store.outbox.retry(now(), None if everything else ids)
        for paused in store.pauses.states():
            store.pauses.resume(paused.channel)
    click.echo(f"{counted(count, 'alert')} queued again.")
    return 0


@outbox.command()
@click.argument("alert", type=int, metavar="ID")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@click.pass_obj
def resolve(desk: Desk, alert: int, verdict: str) -> int:
    """Say what became of an alert of unknown outcome, after a look into its channel.

    sent: it is there. retry: it is not there, send it again. drop: nobody needs it any more.
    """
    with desk.store_to_change() as store:
        if not known(store, alert):
            return 2
        try:
            store.outbox.resolve(alert, Verdict(verdict), now())
        except ValueError as fault:
            say(f"{fault}; there is nothing to settle.")
            return 2
    click.echo(f"Alert {alert}: {verdict}.")
    return 0


def known(store: Store, alert: int) -> bool:
    """Say whether there is such an alert; tells the person where there is none."""
    try:
        store.outbox.row(alert)
    except KeyError:
        say(f"There is no alert {alert}; `monitor outbox list --all` shows them.")
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
