"""Questions that compare: what the customer wants, what the bank offers, and which of it fits best, worked out exactly."""
