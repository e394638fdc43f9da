"""How well messages are understood, measured."""
