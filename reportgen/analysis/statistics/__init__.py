"""The arithmetic of the protocol: numbers in, numbers out, no study known."""
