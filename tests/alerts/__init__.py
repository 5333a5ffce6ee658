"""Tests of alerts: who is told what."""
