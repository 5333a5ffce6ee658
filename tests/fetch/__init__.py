"""The road to publishers, against servers that misbehave."""
