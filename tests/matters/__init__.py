"""Tests of how items are told to be one matter."""
