"""Where representatives take over: the queues to them, and what they need to know."""
