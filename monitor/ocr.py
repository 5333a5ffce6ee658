"""Reads pictures of pages by running tesseract, where it is installed.

Whoever starts the program gives a `Tesseract` to the pipeline.
Command: https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from monitor.errors import DocumentError

_PROGRAM = "tesseract"
_SECONDS = 60.0


def ocr_available() -> bool:
    """Say whether scanned pages can be read: whether the program is on the PATH."""
    return shutil.which(_PROGRAM) is not None


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Reads pictures of pages; one process a page, which is ended after `seconds`."""

    language: str = "eng"
    seconds: float = _SECONDS

    def words(self, picture: bytes) -> str:
        """Return the text on a picture; raises DocumentError where the program fails."""
        program = shutil.which(_PROGRAM)
        if program is None:
            raise DocumentError(_PROGRAM, "the program is not installed")
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command; the picture comes by pipe
                [program, "stdin", "stdout", "-l", self.language, "--dpi", "200"],
                input=picture,
                capture_output=True,
                timeout=self.seconds,
                check=True,
            )
        except subprocess.TimeoutExpired as fault:
            raise DocumentError(
                _PROGRAM, f"a page took longer than {self.seconds:.0f} seconds"
            ) from fault
        except (OSError, subprocess.CalledProcessError) as fault:
            raise DocumentError(_PROGRAM, f"the program failed: {fault}") from fault
        return done.stdout.decode("utf-8", "replace")
