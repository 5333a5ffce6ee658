"""Tests of the matching engine; every text in them is made up."""
