"""Articles and facts: reading them, finding the passage that answers, and quoting it with the figures in force."""
