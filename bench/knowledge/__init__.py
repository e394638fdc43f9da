"""What the search of articles finds, what it answers, and when it rather says nothing."""
