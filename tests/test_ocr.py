"""Pictures of pages are read by a program, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import DocumentError
from monitor.ocr import Tesseract, ocr_available


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program of this name on an otherwise ordinary PATH."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_where_it_is_missing_it_is_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And reading says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr_available()
    with pytest.raises(DocumentError, match="not installed"):
        Tesseract().words(b"P5")


def test_the_picture_goes_in_and_words_come_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pipes; the language is passed on."""
    install(tmp_path, monkeypatch, 'echo "$1 $2 $4"; cat')
    assert ocr_available()
    assert Tesseract(language="spa").words(b"P5 picture") == "stdin stdout spa\nP5 picture"


def test_a_program_that_fails_is_a_document_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a crash."""
    install(tmp_path, monkeypatch, "exit 3")
    with pytest.raises(DocumentError, match="the program failed"):
        Tesseract().words(b"P5")


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the seconds that it may take."""
    install(tmp_path, monkeypatch, "exec sleep 30")
    with pytest.raises(DocumentError, match="took longer"):
        Tesseract(seconds=0.2).words(b"P5")
