"""One test for each threat of SECURITY.md that no other area's tests hold."""
