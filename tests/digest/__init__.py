"""Tests of the digest: periods, composition, what is stored."""
