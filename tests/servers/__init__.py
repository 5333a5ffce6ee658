"""Publishers' servers on loopback."""
