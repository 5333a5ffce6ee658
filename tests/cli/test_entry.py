"""`monitor` itself: help, version, options that all commands share, and what it loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version

import click
import pytest

from monitor.cli import COMMANDS, group
from tests.cli.conftest import Command
from tests.end_to_end.world import REPOSITORY, World

HEAVY = ("pydantic", "httpx", "lxml", "yaml", "sqlite3", "slack_sdk", "re2", "monitor.pipeline")


def commands(path: tuple[str, ...] = (), node: click.Command = group) -> Iterator[tuple[str, ...]]:
    """Name every command there is, groups included, by the words that lead to it."""
    yield path
    if isinstance(node, click.Group):
        context = click.Context(node)
        for name in node.list_commands(context):
            found = node.get_command(context, name)
            assert found is not None
            yield from commands((*path, name), found)


def command_at(path: tuple[str, ...]) -> click.Command:
    """Find a command by its words."""
    node: click.Command = group
    for name in path:
        assert isinstance(node, click.Group)
        found = node.get_command(click.Context(node), name)
        assert found is not None
        node = found
    return node


ALL = list(commands())


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(argument: str) -> None:
    """Only click is imported before a command is chosen, so the answer comes at once."""
    code = (
        "import sys\nfrom monitor.cli import main\n"
        f"status = main(['{argument}'])\n"
        f"sys.exit(status or int(any(name in sys.modules for name in {HEAVY})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_version_is_that_of_the_package(monitor: Command) -> None:
    """People report it with their troubles."""
    assert monitor("--version").out == f"monitor, version {version('immigration-policy-monitor')}\n"


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself(monitor: Command, path: tuple[str, ...]) -> None:
    """--help names every option and argument, and says what each option does."""
    shown = monitor(*path, "--help")
    assert shown.status == 0
    assert command_at(path).help
    for parameter in command_at(path).params:
        if isinstance(parameter, click.Option):
            assert all(name in shown.out for name in parameter.opts), parameter.name
            assert parameter.help, f"{parameter.name} has no help"


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_short_help_is_not_cut_off(monitor: Command, path: tuple[str, ...]) -> None:
    """In a list of commands, what each does can be read to its end."""
    if isinstance(command_at(path), click.Group):
        assert "..." not in monitor(*path, "--help").out.partition("Commands:")[2]


def test_the_list_of_commands_is_complete(monitor: Command) -> None:
    """`monitor --help` is the reference."""
    out = monitor("--help").out
    for name, (_, _, summary) in COMMANDS.items():
        assert f"  {name} " in out
        assert summary.split()[0] in out


def test_a_misspelt_command_is_answered_with_the_one_that_was_meant(monitor: Command) -> None:
    """Status 2, and a cure."""
    wrong = monitor("stauts")
    assert wrong.status == 2
    assert "did you mean 'status'?" in wrong.err
    assert wrong.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--nonsense",),
        ("once", "--nonsense"),
        ("once", "--backfill", "soon"),
        ("run", "extra"),
        ("search",),
        ("search", "x", "--limit", "0"),
        ("outbox", "retry"),
        ("outbox", "resolve", "1", "maybe"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_status_2(monitor: Command, arguments: tuple[str, ...]) -> None:
    """They are said on stderr, with a hint, and nothing is on stdout."""
    wrong = monitor(*arguments)
    assert wrong.status == 2
    assert "Error: " in wrong.err
    assert wrong.out == ""


def test_another_state_folder_can_be_named(monitor: Command, world: World) -> None:
    """--state moves the database and the archive."""
    assert monitor("--state", "elsewhere", "once").status == 0
    assert (world.root / "elsewhere" / "monitor.db").is_file()
    assert not world.database.exists()


def test_another_configuration_can_be_named(monitor: Command, world: World) -> None:
    """--config says where the YAML is; state/ is in it."""
    (world.root / "other").mkdir()
    assert monitor("--config", "other", "check").status == 2
    assert monitor("--config", str(world.root), "check").status == 0


def test_verbose_says_what_happens_on_stderr_as_lines_of_json(
    monitor: Command, world: World
) -> None:
    """Not on a terminal, each event is one JSON object; the token is in none of them."""
    monitor("once")
    world.misbehave("herald")
    ran = monitor("-v", "once")
    assert '"level": "info"' in ran.err or '"level": "warning"' in ran.err
    assert world.slack.token not in ran.err + ran.out
