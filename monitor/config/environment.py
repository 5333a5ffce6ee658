"""Reads secrets from the environment, or from the files that it names; they never stand in YAML."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitor.errors import ConfigError

NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
    "SMTP_URL",
    "OPENSTATES_API_KEY",
    "LEGISCAN_API_KEY",
    "CONGRESS_API_KEY",
    "REGULATIONS_API_KEY",
    "COURTLISTENER_TOKEN",
    "GITHUB_TOKEN",
    "HEARTBEAT_URL",
)
_NAMED = re.compile(r"(?:LEGISTAR_TOKEN|SLACK_WEBHOOK|APPRISE_URL)_[A-Z0-9_]+?")
_FILE = "_FILE"
_HANDED = "/run/secrets/"
_MOST_BYTES = 65_536


class Secret(str):
    """A text that does not show itself in a repr, and so neither in a log nor in a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"


def secrets(environ: Mapping[str, str], further: Iterable[str] = ()) -> Mapping[str, Secret]:
    """Read the secrets that are set, by the name of their variable.

    `NAME_FILE` names a file that holds the value of NAME; blanks around it are cut off. Empty
    variables count as not set. `further` adds variables that connectors name. Raises ConfigError
    with a line for each variable that cannot be used; no line holds a value.
    """
    found: dict[str, Secret] = {}
    complaints: list[str] = []
    for name in sorted(_wanted(environ, further)):
        try:
            value = _value(name, environ)
        except ValueError as fault:
            complaints.append(str(fault))
            continue
        if value:
            found[name] = Secret(value)
    if complaints:
        raise ConfigError(tuple(complaints))
    return found


def open_files(environ: Mapping[str, str], further: Iterable[str] = ()) -> tuple[str, ...]:
    """Name the `…_FILE` variables whose files everybody on this machine can read or replace.

    What a container is handed lies below /run/secrets, and is as open as its maker made it.
    """
    names = (name + _FILE for name in sorted(_wanted(environ, further)))
    return tuple(name for name in names if _is_open(environ.get(name, "").strip()))


def _is_open(path: str) -> bool:
    if not path or path.startswith(_HANDED):
        return False
    try:
        return bool(Path(path).stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except OSError:
        return False


def _wanted(environ: Mapping[str, str], further: Iterable[str]) -> set[str]:
    names = {name.removesuffix(_FILE) for name in environ}
    return {*NAMES, *further, *(name for name in names if _NAMED.fullmatch(name))}


def _value(name: str, environ: Mapping[str, str]) -> str:
    direct, path = environ.get(name, "").strip(), environ.get(name + _FILE, "").strip()
    if direct and path:
        raise ValueError(f"{name} and {name}{_FILE} are both set (unset one of them)")
    value = _file_value(name, path) if path else direct
    if not value.isprintable():
        raise ValueError(f"{name} holds a line break or a control character (give one line)")
    return value


def _file_value(name: str, path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        value = raw.decode().strip()
    except OSError as error:
        raise ValueError(f"{name}{_FILE}: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{name}{_FILE}: {path} cannot be read: it is not text") from error
    if not value or len(raw) > _MOST_BYTES:
        raise ValueError(f"{name}{_FILE}: {path} is {'too large' if value else 'empty'}")
    return value
