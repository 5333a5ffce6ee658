"""Tests of the channels, against servers on loopback."""
