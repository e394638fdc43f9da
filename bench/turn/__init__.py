"""Turns inside the process."""
