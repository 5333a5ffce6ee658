"""README.md, CONTRIBUTING.md and the demo do what they say."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import warcio

from monitor import connectors, models
from monitor.cli import COMMANDS, group
from monitor.config import load
from monitor.connectors import BaseConnector, kinds
from monitor.errors import ConfigError
from monitor.matching import parse_query
from monitor.models import Entry, Poll, Request, Response
from tests.end_to_end.world import REPOSITORY, World, news

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
# What keeps running, and what is tested by starting it: tests/test_service.py.
ENDLESS = {("run",)}
# These want a repository of the reader's own around the folder.
ELSEWHERE = {("filters", "backtest", "--against", "HEAD")}


def blocks(text: str, language: str) -> list[str]:
    """Find the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def console(text: str) -> list[list[str]]:
    """Find what is typed in the console blocks, as words; comments are left out."""
    lines = "".join(blocks(text, "console")).splitlines()
    return [shlex.split(line[2:], comments=True) for line in lines if line.startswith("$ ")]


def rows(text: str, heading: str) -> list[list[str]]:
    """Find the cells of the table whose heading begins so."""
    after = text[text.index(f"| {heading} |") :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in after]


def quoted(text: str) -> list[str]:
    """Find what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Find the command that words lead to, and the words that are left for it."""
    node: click.Command = group
    for number, word in enumerate(words):
        if not isinstance(node, click.Group):
            return node, words[number:]
        found = node.get_command(click.Context(node), word)
        assert found is not None, f"there is no `monitor {' '.join(words)}`"
        node = found
    return node, []


TYPED = [words for text in (README, CONTRIBUTING) for words in console(text)]
MONITOR = [words[1:] for words in TYPED if words[0] == "monitor"]


# ------------------------------------------------------------------------------------ commands


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Put the README's YAML together as it says, its newspaper on loopback."""
    with World(tmp_path) as made:
        for block in blocks(README, "yaml"):
            name = block.partition("\n")[0].removeprefix("# ")
            made.write(name, block)
        address = "https://news.example.org/feed.xml"
        path = tmp_path / "sources.yaml"
        assert address in path.read_text(encoding="utf-8")
        url = made.publisher.url("/news")
        path.write_text(path.read_text(encoding="utf-8").replace(address, url), encoding="utf-8")
        for topic in ("287g", "detainers"):
            made.write(f"filters/{topic}.yaml", f"topic: {topic}\ntitle: Made up\nquery: {topic}\n")
        made.publish("news", news("a", "Sampleville is a sanctuary city"))
        yield made


def test_the_documents_show_commands() -> None:
    """Else the tests below would hold of nothing."""
    assert len(MONITOR) >= 5
    assert len(blocks(README, "yaml")) >= 3


@pytest.mark.parametrize("words", MONITOR, ids=" ".join)
def test_every_command_shown_can_be_typed(world: World, words: list[str]) -> None:
    """In the folder that the README's own YAML makes; what never ends is asked for its help."""
    command, rest = command_of(words)
    is_only_explained = tuple(words) in {*ENDLESS, *ELSEWHERE}
    ran = world.here(*words, *(["--help"] if is_only_explained else []))
    assert ran.status == 0, ran.err
    assert ran.out
    assert command.help or not rest


@pytest.mark.parametrize("words", [w for w in TYPED if w[0] != "monitor"], ids=" ".join)
def test_every_other_command_shown_exists(words: list[str]) -> None:
    """Targets of the Makefile, and programs of the project."""
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", MAKEFILE, re.MULTILINE), words
    else:
        assert (REPOSITORY / words[1]).is_file(), words


def test_every_command_is_in_the_readmes_table() -> None:
    """And the table names none that does not exist."""
    named = [quoted(row[0])[0].split() for row in rows(README, "command")]
    assert [words[0] for words in named] == ["monitor"] * len(named)
    assert {words[1] for words in named} == set(COMMANDS)
    listed = set()
    for row in rows(README, "command"):
        first, *others = quoted(row[0])
        listed.add(_path(first.split()[1:]))
        for other in others:
            words = other.split()
            listed.add(_path(words if words[0] in COMMANDS else [first.split()[1], *words]))
    assert listed == set(_leaves(group))


def _path(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word.islower())


def _leaves(node: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(node, click.Group):
        yield path
        return
    for name in node.list_commands(click.Context(node)):
        yield from _leaves(command_of([*path, name])[0], (*path, name))


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_option_named_exists(text: str) -> None:
    """On some command."""
    known = {"--strict", "--help", *_options(group)}
    named = {word for part in quoted(text) for word in re.findall(r"--[a-z][a-z-]+", part)}
    assert named <= known
    for words in MONITOR:
        command, rest = command_of(words)
        own = {name for one in command.params for name in one.opts}
        assert {word for word in rest if word.startswith("--")} <= own


def _options(node: click.Command) -> Iterator[str]:
    for parameter in node.params:
        yield from parameter.opts
    if isinstance(node, click.Group):
        for name in node.list_commands(click.Context(node)):
            found = node.get_command(click.Context(node), name)
            assert found is not None
            yield from _options(found)


# ------------------------------------------------------------------------------------ contents


def test_the_yaml_of_the_readme_is_valid(world: World) -> None:
    """As one configuration, examples included."""
    config = load(world.root)
    assert {source.id for source in config.sources} == {"sample-council", "sample-news"}
    assert "sample" in {rule.topic for rule in config.filters.filters}
    assert config.monitor.routing.routes
    assert world.here("check").status == 0


def test_a_mistake_is_answered_as_the_readme_shows(world: World) -> None:
    """The line is another."""
    (shown,) = blocks(README, "text")
    path = world.root / "sources.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("every: 30m", "evry: 30m"))
    with pytest.raises(ConfigError) as caught:
        load(world.root)
    told = re.sub(r":\d+:", ":14:", caught.value.complaints[0])
    assert told == shown.strip()


def test_the_table_of_kinds_names_kinds_that_exist() -> None:
    """A kind that nobody can use would be a promise."""
    known = kinds()
    named = {name for kind, _ in rows(README, "kind") for name in quoted(kind)}
    assert len(named) > 10
    assert named <= set(known)


def test_the_table_of_the_query_language_can_be_read() -> None:
    """Every example is a query; fragments apart."""
    examples = [text for row in rows(README, "you write") for text in quoted(row[0])]
    whole = [text for text in examples if text != "( )" and not text.endswith(":")]
    assert len(whole) > 5
    for text in whole:
        assert parse_query(text)


def test_the_variables_of_the_readme_are_those_that_are_read() -> None:
    """A variable that nothing reads would be set in vain."""
    code = "".join(path.read_text("utf-8") for path in (REPOSITORY / "monitor").rglob("*.py"))
    for name, _ in rows(README, "variable"):
        (variable,) = quoted(name)
        assert variable.partition("<")[0] in code, variable


def test_the_rooms_of_the_house_exist() -> None:
    """Every module named in CONTRIBUTING.md is there."""
    for _, names, _ in rows(CONTRIBUTING, "floor"):
        for name in quoted(names):
            house = REPOSITORY / "monitor"
            assert (house / f"{name}.py").is_file() or (house / name).is_dir(), name


def test_the_connector_of_the_contributing_page_works() -> None:
    """It is a connector as the program knows them."""
    (code,) = blocks(CONTRIBUTING, "python")
    names = {**vars(models), **vars(connectors), "register": lambda made: made}
    names |= {"rows_of": lambda response: json.loads(response.body)}
    exec("from typing import ClassVar\nfrom collections.abc import Iterable\n" + code, names)  # noqa: S102 - our own page
    made = names["Bulletin"](url="https://town.example.org/")
    assert isinstance(made, BaseConnector)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    (request,) = made.requests(Poll(now))
    assert isinstance(request, Request)
    body = b'[{"id": "1", "title": "A hearing", "link": "https://town.example.org/1"}]'
    (entry,) = made.parse(Response(request, request.url, 200, (), body, now), Poll(now))
    assert isinstance(entry, Entry)
    assert entry.key == "1"


# ---------------------------------------------------------------------------------------- demo


def test_the_demo_shows_alerts_without_a_network(tmp_path: Path) -> None:
    """`make demo`'s own command line: three made-up sources, what matters and what does not."""
    (recipe,) = re.findall(r"^demo:.*\n\t@\$\(BIN\)/monitor (.*?) \|\|", MAKEFILE, re.MULTILINE)
    words = recipe.replace("$$(mktemp -d)", str(tmp_path)).split()
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=REPOSITORY,
        env={"PATH": "", "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert "3 sources polled: 3 changed." in done.stdout
    assert "287(g)" in done.stdout
    assert "City of Sampleville v. Example" in done.stdout
    assert "Ice rink" not in done.stdout
    assert not (REPOSITORY / "demo" / "state").exists()


def test_the_demos_recording_is_what_its_script_writes(tmp_path: Path) -> None:
    """Apart from identifiers and dates of the records."""
    demo = tmp_path / "demo"
    shutil.copytree(REPOSITORY / "demo", demo, ignore=shutil.ignore_patterns("*.gz", "state"))
    subprocess.run([sys.executable, demo / "make_recording.py"], cwd=REPOSITORY, check=True)
    recorded = contents(REPOSITORY / "demo" / "recording.warc.gz")
    assert recorded == contents(demo / "recording.warc.gz")
    assert len(recorded) > 6


def contents(path: Path) -> list[tuple[str, str, bytes]]:
    """Read type, address and body of each record, sorted."""
    with path.open("rb") as file:
        return sorted(
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.content_stream().read(),
            )
            for record in warcio.ArchiveIterator(file)
            if record.rec_type != "warcinfo"
        )
