"""`backup` and `restore`: a consistent copy of the database, and the way back."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import click

from monitor.cli.common import Desk, now, say
from monitor.errors import StoreError
from monitor.files import make_private_file, make_private_folder
from monitor.heart import DEAD_AFTER, last_beat
from monitor.store import Store
from monitor.store.connection import Connection

UNITS = ("bytes", "kB", "MB", "GB")
_WAL = ("-wal", "-shm")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(desk: Desk, file: Path) -> int:
    """Write a consistent copy of the database to FILE, also while the service runs.

    The copy appears under its name only when it is complete and sound; one that was there stays
    until then. The archive of recorded answers is plain files: copy state/archive beside it.
    """
    with desk.store() as store:
        store.upkeep.backup(file)
    say(f"{file}: a copy of {desk.places.database}, {_size(file)}, checked.")
    return 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(desk: Desk, file: Path, *, yes: bool) -> int:
    """Put the copy FILE in the database's place; the present one is kept beside it.

    The service must not run. The copy is checked first, and brought to this program's form.
    """
    target = desk.places.database
    beat = last_beat(desk.state_dir)
    if beat is not None and now() - beat <= DEAD_AFTER and target.exists():
        raise click.UsageError("the service has just been alive here: stop it first")
    if target.exists() and target.samefile(file):
        raise click.UsageError(f"{file} is the database itself")
    if not yes:
        click.confirm(f"Put {file} in the place of {target}?", abort=True, err=True)
    unfinished = _prepared(file, target)
    kept = _set_aside(target)
    unfinished.replace(target)
    if kept:
        say(f"The database that was here is now {kept}.")
    say(f"{target} is the copy {file}. What was told since it was made may be told again.")
    return 0


def _prepared(file: Path, target: Path) -> Path:
    """Copy FILE beside the database, check the copy and bring it to the present form."""
    make_private_folder(target.parent)
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        make_private_file(unfinished)
        shutil.copyfile(file, unfinished)
        _check(unfinished, file)
    except BaseException:
        for end in ("", *_WAL):
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
        raise
    return unfinished


def _check(copy: Path, file: Path) -> None:
    with Store.open(copy) as store:
        faults = store.upkeep.check(thorough=True)
    if faults:
        raise StoreError(f"{file}: it is damaged and was not restored: {faults[0]}")


def _set_aside(target: Path) -> Path | None:
    """Keep the present database, with its log, under another name, so that nothing is lost.

    Where that can be, it keeps its own name, too, until the copy takes it: at no moment is there
    no database, in whose place a new one would be made.
    """
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.before-{now():%Y%m%dT%H%M%SZ}")
    if _is_whole(target):
        with suppress(OSError):  # not every file system knows two names for one file
            os.link(target, kept)
            return kept
    for end in ("", *_WAL):
        part = target.with_name(target.name + end)
        if part.exists():
            part.replace(kept.with_name(kept.name + end))
    return kept


def _is_whole(target: Path) -> bool:
    """Fold the log into the database file; say whether that holds all now."""
    with suppress(StoreError):
        Connection(target).close()
        return not target.with_name(target.name + _WAL[0]).exists()
    return False


def _size(file: Path) -> str:
    size = float(file.stat().st_size)
    for unit in UNITS[:-1]:
        if size < 1_000:  # noqa: PLR2004 - the next unit
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:.1f} {UNITS[-1]}"
