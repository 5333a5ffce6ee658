"""Plays back what happened to New York City's legislation, as its Web API would have shown it.

The recording (../shared/recordings/legistar-nyc/nyc_replay_*.tar.gz) is the history of the public
mirror jehiah/nyc_legislation: `base/` is the state before the first step, `steps/NNNN/` holds the
files that one synchronisation added or changed, `index.json` lists the steps. The mirror renamed
the API's fields and dropped those it did not need; `matter_record` turns a file back.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_NO_DATE = "0001-01-01T00:00:00Z"
_NAMES = {
    "ID": "MatterId",
    "GUID": "MatterGuid",
    "File": "MatterFile",
    "Name": "MatterName",
    "Title": "MatterTitle",
    "TypeID": "MatterTypeId",
    "TypeName": "MatterTypeName",
    "StatusID": "MatterStatusId",
    "StatusName": "MatterStatusName",
    "BodyID": "MatterBodyId",
    "BodyName": "MatterBodyName",
    "Version": "MatterVersion",
    "LocalLaw": "MatterEnactmentNumber",
    "Summary": "MatterEXText5",
}
_TIMES = {
    "IntroDate": "MatterIntroDate",
    "AgendaDate": "MatterAgendaDate",
    "PassedDate": "MatterPassedDate",
    "EnactmentDate": "MatterEnactmentDate",
    "LastModified": "MatterLastModifiedUtc",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One synchronisation: when it was, and the mirror's files before and after it.

    changes: (path, file before or None, file after).
    """

    number: int
    time: datetime
    changes: tuple[tuple[str, Record | None, Record], ...]


class History:
    """The recording, unpacked in memory; `root` is ../shared."""

    def __init__(self, root: Path) -> None:
        [archive] = (root / "recordings" / "legistar-nyc").glob("nyc_replay_*.tar.gz")
        self._files: dict[str, Record] = {}
        with tarfile.open(archive) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    self._files[member.name.removeprefix("./")] = json.load(content)

    @cached_property
    def base(self) -> dict[str, Record]:
        """The mirror's files before the first step, by path."""
        return {
            name.removeprefix("base/"): file
            for name, file in self._files.items()
            if name.startswith("base/")
        }

    def steps(self) -> Iterator[Step]:
        """Yield the synchronisations in order."""
        state = dict(self.base)
        index: Any = self._files["index.json"]
        for step in index:
            changes = []
            for _, path in step["changes"]:
                after = self._files[f"steps/{step['step']:04d}/{path}"]
                changes.append((path, state.get(path), after))
                state[path] = after
            yield Step(step["step"], datetime.fromisoformat(step["time"]), tuple(changes))


def matter_record(file: Record) -> Record:
    """Turn a file of the mirror back into the record that /matters gave."""
    record: Record = {name: file.get(own) for own, name in _NAMES.items()}
    record |= {name: _time(file.get(own)) for own, name in _TIMES.items()}
    return record | {"MatterRestrictViewViaWeb": False, "MatterRequester": None}


def changed_fields(before: Record, after: Record) -> frozenset[str]:
    """Name the mirror's fields that differ."""
    return frozenset(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))


def _time(said: str | None) -> str | None:
    return None if said in (None, _NO_DATE) else said.removesuffix("Z")
