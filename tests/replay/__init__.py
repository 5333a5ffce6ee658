"""Histories of real sources, served step by step as their publishers would."""
