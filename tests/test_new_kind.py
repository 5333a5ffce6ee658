"""Adding a kind touches one module and one recording; no other file knows that it exists.

The exercise: a copy of the project, into which nothing is put but those two.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.fetch import append
from monitor.models import Request, Response

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 120
ADDRESS = "https://noticeboard.example/towns/exampleville/notices.json"
KEY = "NOTICEBOARD_KEY"

MODULE = '''\
"""Reads notices of towns on Noticeboard, a platform that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from monitor.connectors import BaseConnector, register
from monitor.connectors._json_answers import made, named, needed, read_object, rows
from monitor.models import Credential, Entry, ItemType, Pairs, Parsed, Poll, Request, Response

_SITE = re.compile(r"^https?://noticeboard\\.example/towns/([a-z]+)", re.IGNORECASE)


@register
class Noticeboard(BaseConnector):
    """Towns on Noticeboard, by the JSON behind their public page.

    town: the word behind /towns/ in the address.
    most: how many notices one poll reads at most; default 50.
    """

    kind: ClassVar[str] = "noticeboard"
    platform: ClassVar[str] = "noticeboard"
    pace: ClassVar[float] = 4.5

    town: str = Field(pattern=r"^[a-z]+$")
    most: int = Field(default=50, ge=1, le=500)

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know a town by its address."""
        del page
        found = _SITE.match(url)
        return (("town", found[1].lower()),) if found else None

    @property
    def needs(self) -> tuple[str, ...]:
        """Name the key's variable."""
        return ("NOTICEBOARD_KEY",)

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask for the notices."""
        del poll
        yield Request(
            f"https://noticeboard.example/towns/{self.town}/notices.json",
            step="notices",
            credentials=(Credential("NOTICEBOARD_KEY", "header", "X-Key"),),
        )

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read the notices; raises SoftError or FormatError where there are none."""
        for one in rows(read_object(response), "notices", response)[: self.most]:
            yield made(
                named("notice", one, "id"),
                lambda r=one: Entry(
                    ItemType.NEWS,
                    f"notice-{needed(r, 'id')}",
                    needed(r, "title"),
                    published=r.moment("posted", poll.timezone, poll.now),
                ),
            )
'''
RECORDING = {
    "notices": [
        {"id": 1, "title": "Lantern festival", "posted": "2026-11-20T09:00:00"},
        {"id": 2, "title": "Sheriff ends detainer agreement", "posted": "2026-11-21T09:00:00"},
    ]
}
ANSWERS = """\
options: {town: exampleville}
answers:
  notices.json: {step: notices}
"""
SOURCES = """\
defaults: {every: 1h, timezone: America/New_York}
sources:
  - id: exampleville
    name: Exampleville
    kind: noticeboard
    town: exampleville
    jurisdiction: ny
"""
FILTER = """\
topic: detainers
title: Detainers
query: detainer*
examples:
  match: ["A detainer was lodged"]
"""


class House:
    """A copy of the project with one more module and one more recording, and a configuration."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.config = folder / "config"
        spared = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache")
        for name in ("monitor", "tests", "schemas", "docs"):
            shutil.copytree(ROOT / name, self.root / name, ignore=spared)
        for name in ("pyproject.toml", "README.md"):
            shutil.copyfile(ROOT / name, self.root / name)
        self._add_the_kind()
        (self.config / "filters").mkdir(parents=True)
        (self.config / "filters" / "detainers.yaml").write_text(FILTER)
        (self.config / "monitor.yaml").write_text("contact: tests@example.org\n")
        self.watch(SOURCES)

    def _add_the_kind(self) -> None:
        (self.root / "monitor" / "connectors" / "noticeboard.py").write_text(MODULE)
        recordings = self.root / "tests" / "recordings" / "noticeboard"
        recordings.mkdir()
        (recordings / "notices.json").write_text(json.dumps(RECORDING))
        (recordings / "answers.yaml").write_text(ANSWERS)
        (recordings / "README.md").write_text("Made up.\n")

    def watch(self, sources: str) -> None:
        """Write sources.yaml."""
        (self.config / "sources.yaml").write_text(sources)

    def python(self, *words: str, **secrets: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, which goes before what is installed."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        env |= {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1", **secrets}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def suite(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy."""
        return self.python("-m", "pytest", "-p", "no:cacheprovider", *words)

    def monitor(self, *words: str, **secrets: str) -> subprocess.CompletedProcess[str]:
        """Run a command as people do."""
        return self.python("-m", "monitor", "--config", str(self.config), *words, **secrets)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Build the copy once: each test asks it something else."""
    return House(tmp_path_factory.mktemp("house"))


def test_yaml_of_the_new_kind_is_accepted(house: House) -> None:
    """The word in YAML is the module's name."""
    house.watch(SOURCES)
    ran = house.monitor("check")
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (
            "    tawn: exampleville\n",
            "sources.yaml:6: unknown option 'tawn' (did you mean 'town'?)",
        ),
        ("    town: Exampleville\n", "sources.yaml:6: "),
        ("    town: exampleville\n    most: 0\n", "sources.yaml:7: "),
    ],
)
def test_its_options_are_checked_with_their_line(house: House, faulty: str, complaint: str) -> None:
    """Unknown ones, and values that are out of range."""
    house.watch(SOURCES.replace("    town: exampleville\n", faulty))
    ran = house.monitor("check")
    assert ran.returncode == 2
    assert complaint in ran.stderr + ran.stdout


def test_its_address_is_recognised(house: House) -> None:
    """`sources add` asks every kind."""
    house.watch(SOURCES)
    ran = house.monitor("sources", "add", "https://noticeboard.example/towns/hamlet", "--print")
    assert ran.returncode == 0, ran.stderr
    assert "    kind: noticeboard\n    town: hamlet\n" in ran.stdout


def test_its_recording_yields_entries_and_matches(house: House, tmp_path: Path) -> None:
    """Through the whole way that a poll goes, from a WARC file; its key is asked for by name."""
    house.watch(SOURCES)
    body = json.dumps(RECORDING).encode()
    now = datetime(2026, 11, 23, tzinfo=UTC)
    recording = tmp_path / "noticeboard.warc.gz"
    append(recording, [Response(Request(ADDRESS), ADDRESS, 200, (), body, now)])
    words = ("sources", "test", "exampleville", "--replay", str(recording), "--json")
    ran = house.monitor(*words, **{KEY: "made-up"})
    assert ran.returncode == 0, ran.stderr
    entries = json.loads(ran.stdout)["entries"]
    assert [(one["item"]["key"], len(one["matches"])) for one in entries] == [
        ("notice-1", 0),
        ("notice-2", 1),
    ]
    live = house.monitor("sources", "test", "exampleville")
    assert live.returncode == 1
    assert f"set {KEY} first" in live.stderr


def test_schemas_and_the_page_of_kinds_list_it(house: House) -> None:
    """Both are made anew from the code; so the tests of the house find them current."""
    made = house.python("-m", "monitor.config")
    assert made.returncode == 0, made.stderr
    schema = json.loads((house.root / "schemas" / "sources.schema.json").read_text())
    assert schema["$defs"]["noticeboard"]["properties"]["most"]["maximum"] == 500
    page = (house.root / "docs" / "KINDS.md").read_text()
    assert "| [`noticeboard`](#noticeboard) | Towns on Noticeboard," in page
    assert "| `town` | required | the word behind /towns/ in the address. |" in page


def test_the_fuzz_test_takes_its_recording(house: House) -> None:
    """It is cut off, bent and emptied like those of all kinds."""
    ran = house.suite("-rA", "-k", "noticeboard", "tests/connectors/test_fuzz.py")
    assert ran.returncode == 0, ran.stdout
    for name in ("truncated", "flipped", "wrong_value", "empty_body", "every_kind"):
        assert any(name in line and "PASSED" in line for line in ran.stdout.splitlines()), name


def test_the_tests_of_all_kinds_take_it(house: House) -> None:
    """Its options are explained, and the committed page and schemas are current."""
    house.python("-m", "monitor.config")
    names = ("connectors/test_kinds.py", "config/test_kinds_page.py", "config/test_schemas.py")
    ran = house.suite("-q", *[f"tests/{name}" for name in names])
    assert ran.returncode == 0, ran.stdout


def test_a_recording_without_its_kind_fails_loudly(house: House) -> None:
    """It is a mistake, and no test that is skipped."""
    module = house.root / "monitor" / "connectors" / "noticeboard.py"
    module.unlink()
    try:
        ran = house.suite("--collect-only", "-q", "tests/connectors/test_fuzz.py")
    finally:
        module.write_text(MODULE)
    assert ran.returncode != 0
    assert "KeyError: 'noticeboard'" in ran.stdout
