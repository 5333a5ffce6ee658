"""The log: one JSON object a line where no person reads along, text for one who does."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.common import JsonLines, TextLines, set_up_logging
from tests.end_to_end.world import REPOSITORY, with_logging_restored

# What happens in a process of its own, where nothing of the tests' is in the way.
_HAPPENINGS = """
import logging, sys, threading, warnings
from datetime import UTC, datetime
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from monitor.cli.common import set_up_logging
set_up_logging(int(sys.argv[1]))
logging.getLogger("monitor.service").warning("source polled", extra={"source": "a", "n": 1})
logging.getLogger("monitor.service").info("quiet")
logging.getLogger("httpx").error("HTTP Request: %s", "GET")
logging.getLogger("httpx").info("HTTP Request: GET https://example.org/?key=secret")
warnings.warn("old", DeprecationWarning)
def fails():
    raise ValueError("one\\ntwo")
done = threading.Event()
scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
scheduler.add_listener(lambda _: done.set(), 1 << 13)
scheduler.add_job(fails, next_run_time=datetime.now(UTC))
scheduler.start()
done.wait(20)
scheduler.shutdown()
dying = threading.Thread(target=fails, name="poll-1")
dying.start()
dying.join()
"""


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Let what a test sets up end with it."""
    hook = threading.excepthook
    with with_logging_restored():
        yield
    threading.excepthook = hook
    logging.captureWarnings(capture=False)


def happened(verbose: int = 0) -> list[dict[str, Any]]:
    """Let it all happen; read every line that was written."""
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", _HAPPENINGS, str(verbose)],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in run.stderr.splitlines()]


def record(**fields: Any) -> logging.LogRecord:
    """Make a record."""
    made = {"msg": "source polled", "levelname": "INFO", "name": "monitor.x", "created": 0.5}
    return logging.makeLogRecord(made | fields)


def test_every_line_is_one_json_object_whoever_wrote_it() -> None:
    """The scheduler's own traces, warnings of Python, and a thread that died, too."""
    lines = happened()
    assert {line.get("from", "") for line in lines} >= {
        "",
        "httpx",
        "py.warnings",
        "apscheduler.executors.default",
    }
    traces = [line["trace"] for line in lines if "trace" in line]
    assert len(traces) == 2
    assert all("ValueError: one\ntwo" in trace for trace in traces)
    dead = next(line for line in lines if line["event"] == "bug in a thread")
    assert (dead["level"], dead["thread_name"]) == ("critical", "poll-1")


def test_times_are_in_utc_and_say_so() -> None:
    """Whoever reads the log stands somewhere else."""
    before = datetime.now(UTC)
    for line in happened():
        said = datetime.fromisoformat(line["at"])
        assert said.utcoffset() is not None
        assert line["at"].endswith("+00:00")
        assert abs((said - before).total_seconds()) < 120


@pytest.mark.parametrize("verbose", [0, 1])
def test_the_level_is_chosen_and_libraries_never_show_urls(verbose: int) -> None:
    """-v shows what happens; what carries keys stays out."""
    events = [line["event"] for line in happened(verbose)]
    assert ("quiet" in events) == bool(verbose)
    assert not [event for event in events if "secret" in event]


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        {("a", "b"): 1},
        {1, 2},
        pytest.param(object(), id="object"),
        Path("state"),
        datetime(2026, 1, 1, tzinfo=UTC),
        "\ud83d\ude00 line\u2028break\x1b[31m",
        "\udcff",
    ],
    ids=repr,
)
def test_any_value_becomes_valid_json(value: object) -> None:
    """Other programs read these lines: NaN is no JSON."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    line = JsonLines().format(record(value=value))
    assert "\n" not in line
    assert "value" in json.loads(line, parse_constant=refuse)
    # stderr writes what cannot be written as Python does there: as an escape that JSON knows, too.
    json.loads(line.encode("utf-8", "backslashreplace"))


def test_what_holds_itself_is_told_all_the_same() -> None:
    """As text."""
    round_and_round: list[object] = []
    round_and_round.append(round_and_round)
    assert json.loads(JsonLines().format(record(value=round_and_round)))["value"] == "[[...]]"


def test_facts_do_not_hide_what_every_line_says() -> None:
    """A fact that is called `level` or `at` changes neither."""
    line = json.loads(JsonLines().format(record(at="yesterday", level="none", event="forged")))
    assert (line["at"], line["level"]) == ("1970-01-01T00:00:00.500+00:00", "info")
    assert line["event"] == "source polled"


@pytest.mark.parametrize("form", [JsonLines(), TextLines()])
def test_a_librarys_slip_in_its_own_words_costs_no_line(form: logging.Formatter) -> None:
    """Too few arguments for its message."""
    assert "%s and %s" in form.format(record(msg="%s and %s", args=("one",)))


def test_on_a_terminal_the_log_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time, event, facts; a trace below."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    set_up_logging(0)
    logging.getLogger("monitor").warning("source polled", extra={"source": "a"})
    assert re.fullmatch(r"\d\d:\d\d:\d\d source polled  source=a\n", shown.getvalue())
