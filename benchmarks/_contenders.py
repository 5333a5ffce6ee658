"""Who polls the feeds, and how each is told to: a set-up that is not measured, and one command.

Every one gets 10 threads: urlwatch has 10 and no option to change it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

THREADS = 10
RIVALS = ("urlwatch", "webchanges", "reader")
# reader 3.26 brings a copy of feedparser along, and does not say that this needs sgmllib3k.
INSTALLED = (*RIVALS, "sgmllib3k")
HERE = Path(__file__).resolve().parent
OURS = "monitor once"
BARE = "bare httpx loop"


@dataclass(frozen=True)
class Contender:
    """One program in one folder of its own; `command` is run anew for each poll.

    prepare: writes its configuration into its folder.
    slow: its polls take minutes, and it takes part in one round only.
    """

    name: str
    version: str
    prepare: Callable[[Path, tuple[str, ...]], None]
    command: Callable[[Path], list[str]]
    slow: bool = False


def contenders(rivals: Path) -> tuple[Contender, ...]:
    """Name all contenders; `rivals` is the virtual environment of the other programs."""
    versions = _versions(rivals, *RIVALS)
    tools = rivals / "bin"
    return (
        Contender(OURS, "", _prepare_monitor, _poll_with_monitor),
        Contender(BARE, _versions(Path(sys.prefix), "httpx")["httpx"], _list_urls, _poll_bare),
        Contender(
            "urlwatch",
            versions["urlwatch"],
            _prepare_urlwatch,
            lambda folder: [
                str(tools / "urlwatch"), "--urls", str(folder / "jobs.yaml"),
                "--config", str(folder / "urlwatch.yaml"), "--hooks", str(folder / "hooks.py"),
                "--cache", str(folder / "cache.db"),
            ],
        ),
        Contender(
            "webchanges",
            versions["webchanges"],
            _prepare_webchanges,
            lambda folder: [
                str(tools / "webchanges"), "--jobs", str(folder / "jobs.yaml"),
                "--config", str(folder / "config.yaml"), "--hooks", str(folder / "hooks.py"),
                "--database", str(folder / "snapshots.db"), "--max-workers", str(THREADS),
            ],
            slow=True,
        ),
        Contender(
            "reader",
            versions["reader"],
            lambda folder, urls: _prepare_reader(tools, folder, urls),
            lambda folder: [
                str(tools / "python"), str(HERE / "_reader_poll.py"), "update",
                str(folder / "reader.db"), str(THREADS),
            ],
            slow=True,
        ),
    )  # fmt: skip


def environment_of_rivals(folder: Path) -> Path:
    """Make a virtual environment with the newest urlwatch, webchanges and reader, if missing."""
    if not all((folder / "bin" / name).exists() for name in RIVALS[:2]):
        print(f"Installing {', '.join(RIVALS)} into {folder} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", *INSTALLED], check=True)
    return folder


def _versions(environment: Path, *names: str) -> dict[str, str]:
    """Ask a virtual environment which versions it has."""
    ask = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    python = str(environment / "bin" / "python")
    told = subprocess.run([python, "-c", ask, *names], check=True, capture_output=True, text=True)
    return dict(zip(names, told.stdout.split(), strict=True))


# ------------------------------------------------------------------------------------- monitor


def _prepare_monitor(folder: Path, urls: tuple[str, ...]) -> None:
    """Write sources.yaml with a pace of 0, and take the filters that the project ships."""
    shutil.copytree(HERE.parent / "filters", folder / "filters")
    (folder / "monitor.yaml").write_text(
        f"contact: benchmark@place.example\nfetch: {{workers: {THREADS}, pace: {{feed: 0}}}}\n"
    )
    lines = ["defaults: {every: 1h, timezone: UTC}", "sources:"]
    for number, url in enumerate(urls):
        lines += [
            f"  - id: place-{number}",
            f"    name: Place {number}",
            "    kind: rss",
            f"    url: {url}",
            "    jurisdiction: us",
        ]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n")


def _poll_with_monitor(folder: Path) -> list[str]:
    state = str(folder / "state")
    return [sys.executable, "-m", "monitor", "--config", str(folder), "--state", state, "once"]


# -------------------------------------------------------------------------------------- others


def _list_urls(folder: Path, urls: tuple[str, ...]) -> None:
    (folder / "urls.txt").write_text("\n".join(urls) + "\n")


def _poll_bare(folder: Path) -> list[str]:
    files = [str(folder / "urls.txt"), str(folder / "etags.json")]
    return [sys.executable, str(HERE / "_bare_loop.py"), *files, str(THREADS)]


def _prepare_urlwatch(folder: Path, urls: tuple[str, ...]) -> None:
    _write_jobs(folder, urls)
    (folder / "urlwatch.yaml").write_text("report: {stdout: {enabled: true, color: false}}\n")


def _prepare_webchanges(folder: Path, urls: tuple[str, ...]) -> None:
    """Take its defaults, but for the question to the registry whether there is a newer one."""
    _write_jobs(folder, urls)
    (folder / "config.yaml").write_text(
        "report: {stdout: {enabled: true, color: false}}\nversion_check: {enabled: false}\n"
    )


def _write_jobs(folder: Path, urls: tuple[str, ...]) -> None:
    """Write a job for each address, without any filter."""
    (folder / "jobs.yaml").write_text("\n---\n".join(f"url: {url}" for url in urls) + "\n")
    (folder / "hooks.py").write_text("")


def _prepare_reader(tools: Path, folder: Path, urls: tuple[str, ...]) -> None:
    _list_urls(folder, urls)
    script = [str(tools / "python"), str(HERE / "_reader_poll.py"), "add"]
    subprocess.run([*script, str(folder / "urls.txt"), str(folder / "reader.db")], check=True)


def clean_environment() -> dict[str, str]:
    """Return the environment without tokens that would make the monitor speak to Slack."""
    secret = ("SLACK_", "SMTP_", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if not name.startswith(secret)}
