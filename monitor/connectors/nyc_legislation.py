"""Reads New York City's council from a public mirror, without the API's token.

compare/<mark>...<branch> ─→ paths that changed ─→ one file each → matters, meetings, agenda items
commits?until=… (first poll) ─→ where to compare from

The mirror (github.com/jehiah/nyc_legislation) is synchronised from the Legistar Web API about
twice a day; what it holds is what the API said then. Certain: the files' paths and fields, and
that each synchronisation is a commit. Not certain: that its owner goes on with it; where nothing
was committed for days, this source fails and says so.

Format: https://docs.github.com/en/rest/commits/commits#compare-two-commits (60 requests an hour
without a token; files are read from raw.githubusercontent.com, which does not count).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import ClassVar
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from monitor.connectors import BaseConnector, register
from monitor.connectors import _nyc_files as nyc
from monitor.connectors._json_answers import (
    Record,
    complaint,
    made,
    read_object,
    rows,
    subject_of,
)
from monitor.connectors._json_lists import read_list
from monitor.connectors._legistar_entries import Tenant
from monitor.dates import iso
from monitor.errors import FormatError, SoftError
from monitor.models import (
    Credential,
    Entry,
    Mark,
    Pairs,
    Parsed,
    Poll,
    Refusal,
    Request,
    Response,
)
from monitor.urls import host

_TOKEN = Credential(
    "GITHUB_TOKEN",
    "header",
    "Authorization",
    "Bearer {}",
    required=False,
    hosts=("api.github.com",),
)
_ACCEPT = (("Accept", "application/vnd.github+json"),)
_SHA = re.compile(r"[0-9a-f]{40}")
_PATH = re.compile(r"(?:introduction|resolution|events)/\d{4}/[\w.-]+\.json")
# The API lists no more files of a comparison.
_MOST_FILES = 300
_SITE = "https://legistar.council.nyc.gov"


@register
class NycLegislation(BaseConnector):
    """New York City Council by the GitHub mirror jehiah/nyc_legislation (no token needed).

    repo: the mirror; default jehiah/nyc_legislation.
    branch: its branch; default master.
    folders: what is read of introduction, resolution and events; default all three.
    files: how many changed files one poll reads at most, default 120; the others wait. One request
        each.
    lookback_days: how far back a first poll looks; default 3.
    silent_days: after how many days without a synchronisation the source has failed; default 5.
    """

    kind: ClassVar[str] = "nyc_legislation"
    platform: ClassVar[str] = "github"
    pace: ClassVar[float] = 1.0

    repo: str = Field(default="jehiah/nyc_legislation", pattern=r"^[\w.-]+/[\w.-]+$")
    branch: str = Field(default="master", pattern=r"^[\w.-]+$")
    folders: tuple[str, ...] = Field(
        default=("introduction", "resolution", "events"), strict=False, min_length=1
    )
    files: int = Field(default=120, ge=1, le=300)
    lookback_days: int = Field(default=3, ge=1, le=60)
    silent_days: int = Field(default=5, ge=1, le=60)

    @field_validator("folders")
    @classmethod
    def _are_folders(cls, folders: tuple[str, ...]) -> tuple[str, ...]:
        for one in folders:
            if one not in {"introduction", "resolution", "events"}:
                raise ValueError(f"{one!r} is no folder of the mirror")
        return folders

    @classmethod
    def recognise(cls, url: str, page: str) -> Pairs | None:
        """Know the mirror by its address, at GitHub or raw."""
        del page
        is_github = host(url) in {"github.com", "raw.githubusercontent.com"}
        return () if is_github and "/jehiah/nyc_legislation" in urlsplit(url).path else None

    def requests(self, poll: Poll) -> Iterable[Request]:
        """Ask what changed since the last commit that was read; a first poll looks for that one."""
        mark = poll.mark("commit")
        if _SHA.fullmatch(mark) and not poll.since:
            yield self._compare(mark, self.branch)
            return
        first = poll.now - timedelta(days=self.lookback_days)
        since = min(first, poll.since) if poll.since else first
        query = f"sha={self.branch}&until={quote(iso(since))}&per_page=1"
        yield self._api(f"commits?{query}", "base", ())

    def parse(self, response: Response, poll: Poll) -> Iterable[Parsed]:
        """Read a list of commits, a comparison, or a file of the mirror."""
        match response.request.step:
            case "base":
                yield self._compare(self._base(response), self.branch)
            case "compare":
                yield from self._compared(read_object(response), response, poll)
            case _:
                yield from self._file(response, poll)

    def _base(self, response: Response) -> str:
        commits = read_list(response)
        sha = commits[0].text("sha") if commits else ""
        if not _SHA.fullmatch(sha):
            raise FormatError(subject_of(response), "the mirror has no commit of that time")
        return sha

    def _compared(self, answer: Record, response: Response, poll: Poll) -> Iterator[Parsed]:
        """Ask for the files that changed, before them for those that had to wait."""
        base = response.request.about[0]
        if "base_commit" not in answer.fields or "commits" not in answer.fields:
            raise complaint(answer, response) or FormatError(
                subject_of(response), "the answer is no comparison"
            )
        commits = answer.records("commits")
        self._is_alive((*commits, answer.record("base_commit")), response, poll)
        changed = rows(answer, "files", response)
        total = answer.number("total_commits") or len(commits)
        is_cut = len(changed) >= _MOST_FILES or total > len(commits)
        if is_cut and len(commits) > 1:
            # A comparison that is too long lacks files: half the way first, the rest next time.
            yield self._compare(base, _sha(commits[len(commits) // 2 - 1], response))
            return
        if is_cut:
            yield Refusal(f"commit {base}", f"it changed more than {_MOST_FILES} files")
        head = _sha(commits[-1], response) if commits else base
        waited = poll.mark("waiting").split()
        touched = [one.text("filename") for one in changed if one.text("status") != "removed"]
        order = [one for one in dict.fromkeys([*waited, *touched]) if self._is_wanted(one)]
        for path in order[: self.files]:
            yield Request(
                f"https://raw.githubusercontent.com/{self.repo}/{head}/{path}",
                step="file",
                about=(path,),
                # The mark moves on: a file that cannot be had now must be asked for again.
                conditional=False,
            )
        yield Mark("commit", head)
        # The first poll is silent: what waited then would be told as news later.
        yield Mark("waiting", "" if poll.first else " ".join(order[self.files :]))

    def _is_alive(self, commits: tuple[Record, ...], response: Response, poll: Poll) -> None:
        """Raise SoftError where the mirror has not been synchronised for days."""
        times = [
            one.record("commit").record("committer").moment("date", "UTC", poll.now)
            for one in commits
        ]
        newest = max([one for one in times if one], default=None)
        if newest is None:
            raise FormatError(subject_of(response), "the commits have no time")
        if newest < poll.now - timedelta(days=self.silent_days):
            raise SoftError(
                subject_of(response),
                f"the mirror has not been synchronised since {newest:%Y-%m-%d}: use the Legistar"
                " Web API with a token instead (kind: legistar, client: nyc)",
            )

    def _file(self, response: Response, poll: Poll) -> Iterator[Entry | Refusal]:
        [path] = response.request.about
        file = read_object(response)
        tenant = Tenant("nyc", _SITE, poll.timezone, poll.now, ("MatterEXText5",))
        if path.startswith("events/"):
            found = made(path, lambda: nyc.meeting(file, tenant))
            yield from (found,) if isinstance(found, Refusal) else found
        else:
            yield made(path, lambda: nyc.matter(file, tenant))

    def _is_wanted(self, path: str) -> bool:
        return bool(_PATH.fullmatch(path)) and path.partition("/")[0] in self.folders

    # -------------------------------------------------------------------------------- requests

    def _compare(self, base: str, head: str) -> Request:
        return self._api(f"compare/{base}...{head}", "compare", (base,))

    def _api(self, path: str, step: str, about: tuple[str, ...]) -> Request:
        return Request(
            f"https://api.github.com/repos/{self.repo}/{path}",
            headers=_ACCEPT,
            step=step,
            about=about,
            credentials=(_TOKEN,),
            conditional=False,
        )


def _sha(commit: Record, response: Response) -> str:
    sha = commit.text("sha")
    if not _SHA.fullmatch(sha):
        raise FormatError(subject_of(response), "a commit has no id")
    return sha
