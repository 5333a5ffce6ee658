"""`health`: whether the service lives, as its heartbeat says."""

from __future__ import annotations

import click

from monitor.cli.common import Desk, ago, now, print_json
from monitor.heart import DEAD_AFTER, last_beat


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def health(desk: Desk, *, as_json: bool) -> int:
    """Say whether `monitor run` is alive: exit status 0 if it has just polled and delivered.

    It opens no database and asks nobody, so a container's health check may call it often.
    """
    present, beat = now(), last_beat(desk.state_dir)
    alive = beat is not None and present - beat <= DEAD_AFTER
    if as_json:
        print_json({"alive": alive, "last_beat": beat})
    elif beat is None:
        click.echo("The service has never run here.")
    else:
        click.echo(
            f"{'Alive' if alive else 'Not alive'}: the last heartbeat was {ago(beat, present)}."
        )
    return 0 if alive else 1
