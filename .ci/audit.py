"""Asks the advisory service whether a pinned library has a known vulnerability.

    python .ci/audit.py [constraints.txt]

Exit status 0: none has one, or the service cannot be reached from here, which is said; 1: one has;
2: the question could not be put (no pip-audit, a constraints file that cannot be read).
pip-audit ends with 1 for all of these, and with 0 where the service knows none of the libraries.
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

OPTIONS = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")
UNREACHABLE = ("requests.exceptions.", "ConnectionError", "ServiceError", "Max retries exceeded")
SKIPPED = "audit: SKIPPED, nothing was checked:"
PATIENCE = 600.0


def audited(constraints: Path, report: Path) -> tuple[int, str]:
    """Run pip-audit (the command in PIP_AUDIT, if set); return its status and its words."""
    beside = Path(sys.executable).with_name("pip-audit")
    command = [os.environ.get("PIP_AUDIT") or str(beside), "--requirement", str(constraints)]
    done = subprocess.run(  # noqa: S603 - the command is our own
        [*command, *OPTIONS, "--output", str(report)],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def verdict(libraries: list[dict[str, Any]]) -> tuple[int, str]:
    """Say what a report means."""
    known = [one for one in libraries if "skip_reason" not in one]
    lines = [
        f"audit: {one['name']} {one['version']}: {flaw['id']}, mended in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in known
        for flaw in one["vulns"]
    ]
    if lines:
        return 1, "\n".join(lines)
    if not known:
        return 0, f"{SKIPPED} the registry here has no advisories"
    return 0, f"audit: no known vulnerability in {len(known)} of {len(libraries)} libraries"


def main() -> int:
    """Ask, and say in one line what came of it."""
    constraints = Path(sys.argv[1] if len(sys.argv) > 1 else "constraints.txt")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        try:
            _, said = audited(constraints, report)
        except (OSError, subprocess.TimeoutExpired) as fault:
            sys.stderr.write(f"audit: {fault}\n")
            return 2
        if report.exists():
            status, told = verdict(json.loads(report.read_text(encoding="utf-8"))["dependencies"])
        elif any(word in said for word in UNREACHABLE):
            status, told = 0, f"{SKIPPED} the advisory service cannot be reached"
        else:
            status, told = 2, f"audit: pip-audit failed:\n{said[-2000:]}"
    sys.stdout.write(f"{told}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
