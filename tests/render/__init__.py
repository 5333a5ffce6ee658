"""Tests of how alerts look."""
