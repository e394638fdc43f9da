"""Ways to run the embedded models."""
