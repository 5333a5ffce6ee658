"""`filters`: try the filters on text, and see why a text does or does not match."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import click

from monitor.apart import read_apart
from monitor.cli import Group
from monitor.cli.backtest import backtest
from monitor.cli.common import Desk, counted, plain, print_json, print_json_line, table
from monitor.cli.lines import Line, direction_of, priority_of, read_lines, verdict
from monitor.cli.report import report
from monitor.cli.scoring import score
from monitor.errors import ConfigError, DocumentError
from monitor.matching import Explanation, Filter
from monitor.models import Match
from monitor.text import mask_private, one_line

LINES = {".jsonl", ".ndjson"}
DOCUMENTS = {".pdf", ".docx", ".xlsx", ".html", ".htm"}
FILES = (*LINES, ".txt", ".md", ".json", ".html", ".csv")
LONGEST_PATH = 1000
# A message shows the best few; whoever tries a long document wants to see them all.
MOST_PASSAGES = 1000


@click.group(cls=Group)
def filters() -> None:
    """Try the filters on text, and see why a text matches or does not."""


@filters.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_(desk: Desk, *, as_json: bool) -> int:
    """List the filters: topic, priority, channels, and how many examples each keeps."""
    rules = desk.config.filters.filters
    if as_json:
        print_json([plain(rule) for rule in rules])
        return 0
    table(
        ("TOPIC", "PRIORITY", "CHANNELS", "EXAMPLES", "TITLE"),
        [
            (
                rule.topic,
                rule.priority.value,
                " ".join(rule.channels) or "by route",
                str(len(rule.examples_match) + len(rule.examples_reject)),
                rule.title,
            )
            for rule in rules
        ],
    )
    return 0


@filters.command()
@click.argument("text", metavar="FILE-or-TEXT")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for JSON Lines a line each.")
@click.pass_obj
def test(desk: Desk, text: str, *, as_json: bool) -> int:
    """Hold a text against all filters and show what matches.

    FILE is a text, PDF, Word, Excel or web document, its first line the title, or JSON Lines:
    {"id", "kind", "jurisdiction", "title", "body"} a line, `kind` being the item's type. "-" reads
    standard input. Anything that is no file is taken as the text itself.
    """
    chosen = desk.config.filters
    for line in lines_of(text):
        matches = chosen.match_subject(line.subject, most_passages=MOST_PASSAGES)
        if as_json:
            print_json_line(verdict(line, matches))
        else:
            print_verdict(line, matches)
    return 0


@filters.command()
@click.argument("text", metavar="FILE-or-TEXT")
@click.option("--topic", multiple=True, help="Only this filter; can be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for JSON Lines a line each.")
@click.pass_obj
def explain(desk: Desk, text: str, topic: tuple[str, ...], *, as_json: bool) -> int:
    r"""Say in words why a text matches or not: terms found, missing, or excluded.

    \b
    +  speaks for it      -  stands there and does not count
    ?  would be needed    >  tells the direction
    """
    chosen = desk.config.filters
    check_topics(chosen.filters, topic)
    for line in lines_of(text):
        reasons = chosen.explain_subject(line.subject, frozenset(topic) or None)
        if as_json:
            print_json_line({"id": line.id, "filters": [plain(reason) for reason in reasons]})
        else:
            print_reasons(line, reasons, everything=bool(topic))
    return 0


filters.add_command(score)
filters.add_command(backtest)
filters.add_command(report)


def check_topics(rules: Iterable[Filter], wanted: tuple[str, ...]) -> None:
    """Refuse a topic that no filter has."""
    known = sorted(rule.topic for rule in rules)
    wrong = [name for name in wanted if name not in known]
    if wrong:
        raise ConfigError(tuple(f"no filter has the topic '{n}'{_meant(n, known)}" for n in wrong))


def _meant(topic: str, known: list[str]) -> str:
    near = get_close_matches(topic, known, n=1)
    return f" (did you mean '{near[0]}'?)" if near else f" (there are {', '.join(known)})"


def lines_of(text: str) -> Iterable[Line]:
    """Read what the argument names: a file, standard input, or the text itself."""
    if text == "-":
        return (one(sys.stdin.read(), "-"),)
    path = Path(text) if len(text) < LONGEST_PATH and "\n" not in text else None
    if path is None or not path.is_file():
        refuse_misspelt(text)
        return (one(text, "text"),)
    if path.suffix in LINES:
        return read_lines(path)
    try:
        if path.suffix.lower() in DOCUMENTS:
            pages = read_apart(path.read_bytes(), "", path.name).pages
            return (one("\n".join(pages), path.name),)
        return (one(path.read_text(encoding="utf-8"), path.name),)
    except DocumentError as fault:
        raise click.BadParameter(str(fault)) from fault
    except UnicodeDecodeError as fault:
        raise click.BadParameter(f"{path}: not UTF-8 text (save it as UTF-8)") from fault


def refuse_misspelt(text: str) -> None:
    """Refuse what can only be meant as a file: "no filter matches" would be believed of it."""
    is_one_word = not any(letter.isspace() for letter in text)
    if (is_one_word and text.lower().endswith(FILES)) or text.startswith(("./", "../", "/")):
        raise click.BadParameter(f"there is no file {text}")


def one(text: str, name: str) -> Line:
    """See a bare text as a line: its first line is the title."""
    title, _, body = text.strip().partition("\n")
    return Line(name, "", "", title.strip(), body.strip(), None, "", 1)


def print_verdict(line: Line, matches: tuple[Match, ...]) -> None:
    """Tell a person what matches a text, with the passages that show why."""
    click.echo(click.style(one_line(line.title, 100), bold=sys.stdout.isatty()))
    if not matches:
        click.echo("  no filter matches (`monitor filters explain` says why)")
        return
    click.echo(f"  priority {priority_of(matches)}, direction {direction_of(matches).value}")
    for match in matches:
        click.echo(f"  {match.topic}: {match.title} ({match.priority.value})")
        for passage in match.passages:
            where = "body" if passage.field == "text" else passage.field
            shown = one_line(mask_private(passage.text), 160)
            click.echo(f"    {where} {passage.start}-{passage.end}: {shown}")


def print_reasons(line: Line, reasons: tuple[Explanation, ...], *, everything: bool) -> None:
    """Print the reasons of the filters that found something; the rest is counted."""
    click.echo(click.style(one_line(line.title, 100), bold=sys.stdout.isatty()))
    telling = [r for r in reasons if everything or r.matches or r.found or r.ignored]
    for reason in sorted(telling, key=lambda r: not r.matches):
        click.echo(reason.words())
    if quiet := len(reasons) - len(telling):
        click.echo(
            f"{counted(quiet, 'other filter')}: none of their terms stands in it "
            "(--topic NAME says which are missing)"
        )
