"""Words the pack uses, found again behind a slip of the hand or of the input method. Right words are never touched."""
