"""One test module a kind."""
