"""The conversation itself: what has happened (tracker), what the customer wants (interpreter), what comes next (decide)."""
