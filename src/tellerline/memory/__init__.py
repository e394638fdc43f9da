"""What the counter remembers of a customer across contacts: a closed set of kinds, each with a purpose and an end."""
