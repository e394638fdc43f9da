"""Full turns over HTTP."""
