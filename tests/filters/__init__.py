"""Tests of the filters that the repository ships."""
