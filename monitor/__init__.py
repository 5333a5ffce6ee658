"""A legislative and litigation monitor: polls publishers, matches, and tells people in time."""
