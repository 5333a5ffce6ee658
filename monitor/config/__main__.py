"""`python -m monitor.config` writes schemas/ and docs/KINDS.md anew from the code."""

from pathlib import Path

from monitor.config import write_schemas
from monitor.config.kinds_page import write_kinds_page

write_schemas(Path("schemas"))
write_kinds_page(Path("docs"))
