"""Core banks the counter can stand before: the simulated one here; a real one implements `bank.contract`."""
