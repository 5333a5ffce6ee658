"""Configuration: sources.yaml, filters/*.yaml and monitor.yaml, checked whole before anything runs.

bytes → tree with spots → options (pydantic) → values;  every fault is a complaint with its line
"""

from monitor.config.environment import Secret, open_files, secrets
from monitor.config.examples import failing_examples
from monitor.config.loading import load
from monitor.config.model import Config, Example, Source
from monitor.config.schemas import write_schemas
from monitor.config.settings import (
    CONSOLE,
    AlertOptions,
    DigestSettings,
    FetchOptions,
    MonitorSettings,
    RetentionSettings,
    SlackSettings,
)
from monitor.config.values import Expectation, Period, WeeklyTime

__all__ = [
    "CONSOLE",
    "AlertOptions",
    "Config",
    "DigestSettings",
    "Example",
    "Expectation",
    "FetchOptions",
    "MonitorSettings",
    "Period",
    "RetentionSettings",
    "Secret",
    "SlackSettings",
    "Source",
    "WeeklyTime",
    "failing_examples",
    "load",
    "open_files",
    "secrets",
    "write_schemas",
]
