"""The command line: `monitor --help` is the reference. Only click is imported before a command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from monitor.cli.terminal import harmless_output
from monitor.errors import ConfigError, MonitorError, QueryError

COMMANDS = {
    "run": ("running", "run", "Poll on schedule and deliver alerts until stopped: the service."),
    "once": ("running", "once", "Poll every source once, deliver what is new, print a summary."),
    "check": ("checking", "check", "Check all YAML files and run every filter's examples."),
    "sources": ("sources", "sources", "List the sources, or try one without storing anything."),
    "filters": ("filters", "filters", "Try the filters on text, and see why a text matches."),
    "search": ("looking", "search", "Search everything that was ever seen."),
    "matters": ("matters", "matters", "See matters with their history; mend wrong groupings."),
    "status": ("looking", "status", "Show each source's health: last success, errors, silence."),
    "outbox": ("outbox", "outbox", "See alerts on their way, retry failed ones, settle doubts."),
    "export": ("export", "export", "Write matters and dates as JSON, CSV, Atom or a calendar."),
    "backup": ("backup", "backup", "Write a consistent copy of the database, while it runs."),
    "restore": ("backup", "restore", "Put such a copy in the database's place."),
    "health": ("health", "health", "Say whether the service lives."),
    "digest": ("digest", "digest", "Look at the next digest, send one, list what was composed."),
    "subscribers": ("subscribers", "subscribers", "Say who gets digests by e-mail, and of what."),
    "doctor": ("doctor", "doctor", "Test Slack, keys, disk and clock, and say what to do."),
}
DONE, NEEDS_A_PERSON, WRONG_INPUT = 0, 1, 2
_LONGEST_SUMMARY = 500


class Group(click.Group):
    """Lists commands in the order of their definition, and says which one was probably meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer meets them."""
        del ctx
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with; a misspelt one is told with its cure."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            near = get_close_matches(args[0], known, n=1)
            meant = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
            ctx.fail(f"there is no command '{args[0]}' ({meant})")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each with its whole first sentence."""
        rows = [
            (name, command.get_short_help_str(_LONGEST_SUMMARY))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name))
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class LazyGroup(Group):
    """Loads a command's module when the command is called, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"monitor.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, _, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Folder with sources.yaml, filters/ and monitor.yaml  [default: the current folder].",
)
@click.option(
    "--state",
    "state_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Folder for the database and the archive  [default: state/ in the config folder].",
)
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for debugging.")
@click.version_option(package_name="immigration-policy-monitor", prog_name="monitor")
@click.pass_context
def group(ctx: click.Context, config_dir: Path, state_dir: Path | None, verbose: int) -> None:
    """Watch councils, legislatures, agencies and courts, and tell people in time.

    What to watch stands in sources.yaml, what matters in filters/, who is told in monitor.yaml.

    Exit status: 0 done; 1 it ran, and something needs a person (a source failed, an alert could
    not be delivered); 2 the configuration or the arguments are wrong.
    """
    from monitor.cli.common import Desk, set_up_logging  # noqa: PLC0415 - keeps --help quick

    set_up_logging(verbose)
    ctx.obj = Desk(config_dir, state_dir or config_dir / "state")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 or 2 as `monitor --help` says."""
    with harmless_output():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = group.main(args=arguments, prog_name="monitor", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return NEEDS_A_PERSON
    except (MonitorError, OSError) as fault:
        return _told(fault)
    except SystemExit:
        # So click ends where the reader of our output (head, less) has left; that is no fault.
        return _without_reader()
    finally:
        logging.shutdown()
    return result if isinstance(result, int) else DONE


def _told(fault: MonitorError | OSError) -> int:
    """Say what went wrong; the exit status is whose turn it is."""
    if isinstance(fault, ConfigError):
        return _complain(fault)
    if isinstance(fault.__cause__, BrokenPipeError):
        return _without_reader()
    click.echo(f"monitor: {fault}", err=True)
    return WRONG_INPUT if isinstance(fault, QueryError) else NEEDS_A_PERSON


def _without_reader() -> int:
    """Let what is still unwritten go nowhere, so that Python's own end does not complain of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _complain(fault: ConfigError) -> int:
    for complaint in fault.complaints:
        click.echo(complaint, err=True)
    count = len(fault.complaints)
    click.echo(f"monitor: {count} thing{'s' if count != 1 else ''} to mend; nothing ran.", err=True)
    return WRONG_INPUT
