"""The database: merging, matters, the outbox, search, and what happens when things break."""
