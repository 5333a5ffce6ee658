"""`python -m monitor.config` writes schemas/ anew from the code."""

from pathlib import Path

from monitor.config import write_schemas

write_schemas(Path("schemas"))
