"""The pure nouns of the counter: what everything else talks about. No I/O, no imports from any other room."""
