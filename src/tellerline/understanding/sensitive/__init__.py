"""Finders of what must not be stored: each looks at the shadow of a text and yields findings."""
