"""The web pages, asked by real HTTP on loopback."""
