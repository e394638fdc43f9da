"""What the flows need of a bank's core systems, and the adapters that provide it."""
