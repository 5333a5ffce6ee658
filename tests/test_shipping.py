"""What is shipped: image, compose file and unit, read closely and, where it can be, run."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = ROOT / "deploy" / "immigration-policy-monitor.service"
BASE = "docker.io/library/python:3.12-slim"
IMAGE = "localhost/immigration-policy-monitor-test"
BUILD_SECONDS, RUN_SECONDS = 600, 120


def instructions() -> list[tuple[str, str]]:
    """Read the Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", DOCKERFILE)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def of_last_stage(word: str) -> list[str]:
    """Return what an instruction says in the stage that is shipped."""
    told = instructions()
    begin = max(n for n, (name, _) in enumerate(told) if name == "FROM")
    return [rest for name, rest in told[begin:] if name == word]


def test_the_image_runs_without_root_and_obeys_sigterm() -> None:
    """By number, so that an orchestrator can tell."""
    assert of_last_stage("USER") == ["10001:10001"]
    assert of_last_stage("STOPSIGNAL") == ["SIGTERM"]
    assert of_last_stage("VOLUME") == ["/state"]
    (check,) = of_last_stage("HEALTHCHECK")
    assert '"health"]' in check


def test_libraries_come_by_hash_and_nothing_else_from_outside() -> None:
    """What is installed in the second step has been verified in the first."""
    installs = [rest for name, rest in instructions() if name == "RUN" and "pip" in rest]
    first, rest = installs[0], installs[1:]
    assert "--require-hashes" in first
    assert all("--no-index" in each for each in rest)
    assert [rest for name, rest in instructions() if name == "ADD"] == []


def test_the_builder_gets_only_what_the_image_needs() -> None:
    """No state, no secrets, no tests."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        word
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    }
    assert copied == kept


def test_the_compose_file_takes_away_every_right_that_is_not_needed() -> None:
    """Read-only root, no capabilities, time to finish."""
    composed: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = composed["services"]["monitor"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["env_file"] == "secrets.env"
    assert service["stop_grace_period"] == "60s"
    assert any(volume.startswith("state:/state") for volume in service["volumes"])


def test_the_unit_is_hardened_and_gives_time_to_finish() -> None:
    """As systemd-analyze security counts it; where that is installed, it has the word."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    service = unit["Service"]
    assert service["User"] == "monitor"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["NoNewPrivileges"] == "yes"
    assert int(service["TimeoutStopSec"]) >= 60
    assert service["ExecStart"].endswith(" run")


def test_the_unit_is_understood_by_systemd() -> None:
    """No option is misspelt."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    done = subprocess.run(
        [analyze, "verify", str(UNIT)], capture_output=True, text=True, timeout=60, check=False
    )
    told = [
        line for line in done.stderr.splitlines() if "Unknown" in line or "Failed to parse" in line
    ]
    assert told == []


# ------------------------------------------------------------------------------- the image itself


def buildah(*words: str, seconds: int = RUN_SECONDS) -> subprocess.CompletedProcess[str]:
    """Run buildah, with chroot isolation: no engine, no privileges, no network of its own."""
    program = shutil.which("buildah")
    assert program is not None
    return subprocess.run(
        [program, *words], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """Build the image and make a container of it."""
    if shutil.which("buildah") is None:
        pytest.skip("buildah is not installed here: the image is not built")
    if not buildah("images", "--quiet", BASE).stdout.strip():
        pytest.skip(f"{BASE} is not in buildah's store: the image is not built")
    built = buildah(
        "bud", "--isolation", "chroot", "--pull-never", "--format", "docker", "--tag", IMAGE, ".",
        seconds=BUILD_SECONDS,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-2000:]
    made = buildah("from", "--pull-never", IMAGE)
    assert made.returncode == 0, made.stderr
    name = made.stdout.strip()
    yield name
    buildah("rm", name)


def inside(container: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the container, as the image's own user."""
    return buildah("run", "--isolation", "chroot", container, "--", "sh", "-c", script)


def test_the_image_checks_the_shipped_configuration(container: str) -> None:
    """And cannot write but where its state is."""
    done = inside(container, "id -u; touch /config/x /opt/x; monitor --config /config check")
    assert done.stdout.startswith("10001")
    assert done.stderr.count("Permission denied") == 2
    assert "All is well" in done.stdout
    assert done.returncode == 0


SERVICE = """
monitor --config /tmp/c --state /state run & pid=$!
for n in $(seq 60); do
    monitor --config /tmp/c --state /state health && break
    sleep 1
done
kill -TERM $pid; wait $pid; echo "ended with $?"
"""
QUIET = """
mkdir -p /tmp/c/filters && cp /config/filters/*.yaml /tmp/c/filters/
cat > /tmp/c/sources.yaml <<'Y'
sources:
  - {id: nobody, name: Nobody, kind: rss, url: "http://127.0.0.1:9/feed", jurisdiction: us}
Y
cat > /tmp/c/monitor.yaml <<'Y'
contact: https://monitor.example.org
Y
"""


def test_the_service_lives_and_ends_at_sigterm(container: str) -> None:
    """The health check turns green, and the signal ends it in order."""
    done = inside(container, QUIET + SERVICE)
    assert "Alive" in done.stdout, done.stdout + done.stderr
    assert "ended with 0" in done.stdout, done.stdout + done.stderr
