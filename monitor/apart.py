"""Reads documents in a process of its own: with bounded memory and time, and without any secret.

A PDF of two kilobytes can ask for gigabytes, and the libraries that read documents are large C
programs. What happens to the child is told as a DocumentError; nothing else notices.

    python -m monitor.apart     stdin: the pickled task, from us; stdout: JSON, which is only text
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor.documents import DocumentKind, DocumentText, Limits, Ocr, read_document
from monitor.errors import DocumentError, own_fault

MEMORY = 700_000_000
# One page may take longer than all were to take: the limit of seconds is looked at between pages.
_GRACE = 90.0
_PACKAGES = Path(__file__).resolve().parents[1]
# What a library, tesseract or Python itself needs; no key or token is among it.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "TESSDATA_PREFIX")
# Together they stay below what a small server has.
_AT_ONCE = threading.BoundedSemaphore(2)


def read_apart(
    body: bytes,
    media_type: str,
    name: str,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    ocr: Ocr | None = None,
    memory: int = MEMORY,
    grace: float = _GRACE,
) -> DocumentText:
    """Read a document as `read_document` does, in a child that may take `memory` bytes.

    grace: seconds beyond the limit of seconds after which the child is ended.
    Raises DocumentError where it cannot be read, and where reading it takes too much.
    """
    task = pickle.dumps((body, media_type, name, limits, ocr, memory))
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "monitor.apart"],
                input=task,
                capture_output=True,
                timeout=limits.seconds + grace,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise DocumentError(name, "reading it takes too long") from late
        except OSError as fault:
            raise DocumentError(name, f"no process could be started to read it: {fault}") from fault
    if done.returncode:
        raise DocumentError(name, _why(done.returncode, done.stderr))
    return _answer(done.stdout, name)


def _environment() -> dict[str, str]:
    kept = {one: os.environ[one] for one in _PASSED_ON if one in os.environ}
    # tesseract's threads would each take address space, as many as there are processors.
    return kept | {"PYTHONPATH": str(_PACKAGES), "OMP_THREAD_LIMIT": "2"}


def _why(status: int, complaint: bytes) -> str:
    """Say why a child ended: by its bounds, or by a bug of ours."""
    last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if status == 1 and "MemoryError" not in last:
        return own_fault(RuntimeError(last))
    return "reading it takes more memory or time than is allowed"


def _answer(said: bytes, name: str) -> DocumentText:
    told: dict[str, Any] = json.loads(said)
    if "fault" in told:
        raise DocumentError(name, str(told["fault"]))
    return DocumentText(
        DocumentKind(told["kind"]),
        tuple(map(str, told["pages"])),
        bool(told["truncated"]),
        tuple(map(int, told["unread"])),
    )


def main() -> None:
    """Be the child: read the task, and say what stands in the document."""
    body, media_type, name, limits, ocr, memory = pickle.load(sys.stdin.buffer)  # noqa: S301 - ours
    _confine(memory, int(limits.seconds + _GRACE))
    try:
        found = read_document(body, media_type, name, limits, ocr=ocr, clock=time.monotonic)
    except DocumentError as fault:
        told: dict[str, Any] = {"fault": fault.reason}
    else:
        told = {
            "kind": found.kind.value,
            "pages": found.pages,
            "truncated": found.truncated,
            "unread": found.unread,
        }
    sys.stdout.write(json.dumps(told))


def _confine(memory: int, seconds: int) -> None:
    """Bound what this process may take; it is the first to go where the machine runs short."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # macOS bounds no address space
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):  # only Linux has it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    main()
