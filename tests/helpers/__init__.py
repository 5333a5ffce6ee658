"""The helpers of layer 1, and normalise."""
