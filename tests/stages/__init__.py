"""How far matters have come: what the words of publishers tell."""
