"""How the public takes part."""
