"""The audit of libraries: found is red, none is green, and not asked is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {"name": "alpha", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "beta", "skip_reason": "Dependency not found on PyPI"}
FLAWED = {
    "name": "gamma",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": "x"}],
}


def audit(folder: Path, libraries: list[object] | None, says: str, status: int) -> tuple[int, str]:
    """Run the script with a pip-audit that writes this report, or none, and says this."""
    stand_in = folder / "pip-audit"
    report = json.dumps({"dependencies": libraries, "fixes": []}) if libraries else ""
    stand_in.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"if {report!r}: open(sys.argv[-1], 'w').write({report!r})\n"
        f"print({says!r}, file=sys.stderr)\nsys.exit({status})\n",
        encoding="utf-8",
    )
    stand_in.chmod(0o755)
    return script({**os.environ, "PIP_AUDIT": str(stand_in)})


def script(environment: dict[str, str]) -> tuple[int, str]:
    """Run the script as .ci/run does."""
    command = [sys.executable, str(ROOT / ".ci" / "audit.py"), "constraints.txt"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("libraries", "says", "status", "verdict", "told"),
    [
        ([CLEAN, CLEAN], "", 0, 0, "no known vulnerability in 2 of 2 libraries"),
        ([CLEAN, UNKNOWN], "", 0, 0, "in 1 of 2 libraries"),
        ([UNKNOWN], "No known vulnerabilities found", 0, 0, "SKIPPED, nothing was checked"),
        ([CLEAN, FLAWED], "Found 1", 1, 1, "gamma 2.0: PYSEC-2026-1, mended in 2.1"),
        (None, "requests.exceptions.ProxyError: Max retries", 1, 0, "SKIPPED, nothing was checked"),
        (None, "ERROR: constraints.txt has no hashes", 1, 2, "constraints.txt has no hashes"),
    ],
)
def test_each_outcome_of_the_audit_is_told_apart(
    tmp_path: Path,
    libraries: list[object] | None,
    says: str,
    status: int,
    verdict: int,
    told: str,
) -> None:
    """A machine without a network does not fail; a vulnerability does; silence is no success."""
    ended, said = audit(tmp_path, libraries, says, status)
    assert told in said
    assert ended == verdict


def test_without_pip_audit_the_audit_fails(tmp_path: Path) -> None:
    """It is pinned for development: where it is missing, the set-up is broken."""
    ended, said = script({**os.environ, "PIP_AUDIT": str(tmp_path / "none")})
    assert (ended, "No such file" in said) == (2, True)


def test_every_change_is_audited() -> None:
    """.ci/run makes the target, and the target runs the script."""
    assert "make audit" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert ".ci/audit.py constraints.txt" in makefile
