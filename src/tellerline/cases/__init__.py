"""Promises with a clock: deadlines by the bank's calendar."""
