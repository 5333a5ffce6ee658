"""Looks who else on this machine can read the state, or write the configuration."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.models import Finding, Level

_SHOWN = 3
_OTHERS = stat.S_IRWXO
_FOREIGN_WRITERS = stat.S_IWOTH


def permissions(config: Path, state: Path) -> Iterator[Finding]:
    """Warn of state that others can read and of YAML that others can write, with the command.

    State is the folder, the database with its log and its older copies, the archive, and folders
    named backups. What lies in a folder that is closed to others is looked at all the same: it may
    be copied elsewhere as it is.
    """
    readable = [path for path in _state(state.absolute()) if _mode(path) & _OTHERS]
    if readable:
        says = f"everybody on this machine can look into {_listed(readable)}"
        yield Finding(Level.WARN, "state files", says, _closing(readable))
    writable = [path for path in _yaml(config.absolute()) if _mode(path) & _FOREIGN_WRITERS]
    if writable:
        says = f"everybody on this machine can change {_listed(writable)}"
        cure = f"chmod o-w {_quoted(writable)}"
        yield Finding(Level.WARN, "configuration files", says, cure)


def _state(state: Path) -> Iterator[Path]:
    yield state
    yield from sorted(state.glob("monitor.db*"))
    yield state / "archive"
    for folder in (state / "backups", state.parent / "backups"):
        yield folder
        yield from sorted(folder.glob("*.db*"))


def _yaml(config: Path) -> Iterator[Path]:
    yield from (config, config / "filters")
    yield from (config / "sources.yaml", config / "monitor.yaml")
    yield from sorted((config / "filters").glob("*.y*ml"))


def _mode(path: Path) -> int:
    """Return a path's permission bits; none where nothing is there or it cannot be seen."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _closing(paths: Iterable[Path]) -> str:
    """Write the command that closes folders and files to others."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    commands = [("700", folders), ("600", files)]
    return " && ".join(f"chmod {mode} {_quoted(those)}" for mode, those in commands if those)


def _listed(paths: list[Path]) -> str:
    more = len(paths) - _SHOWN
    shown = ", ".join(map(str, paths[:_SHOWN]))
    return f"{shown} and {more} more" if more > 0 else shown


def _quoted(paths: Iterable[Path]) -> str:
    return shlex.join(map(str, paths))
