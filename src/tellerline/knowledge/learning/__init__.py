"""Learning from documents: what staff bring is read, checked, compared with what is in force, and laid over the pack."""
