"""`check` validates all YAML, and runs the filters' examples."""

from __future__ import annotations

import click

from monitor.cli.common import Desk, counted, print_json, say
from monitor.config import failing_examples
from monitor.errors import ConfigError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@click.pass_obj
def check(desk: Desk, *, as_json: bool) -> int:
    """Check sources.yaml, filters/ and monitor.yaml, and run every filter's examples.

    Every complaint names its file and line and says what to do. Nothing is polled or stored.
    """
    complaints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    try:
        config = desk.config
        warnings = config.warnings
        complaints = failing_examples(config)
    except ConfigError as fault:
        complaints = fault.complaints
    if as_json:
        print_json({"complaints": complaints, "warnings": warnings})
        return 2 if complaints else 0
    for warning in warnings:
        say(warning)
    if complaints:
        raise ConfigError(complaints)
    examples = sum(len(f.examples_match) + len(f.examples_reject) for f in config.filters.filters)
    enabled = sum(source.enabled for source in config.sources)
    click.echo(
        f"All is well: {counted(len(config.sources), 'source')} ({enabled} enabled), "
        f"{counted(len(config.filters.filters), 'filter')}, {counted(examples, 'example')} kept."
    )
    return 0
