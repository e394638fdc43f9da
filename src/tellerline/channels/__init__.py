"""How messages come in and go out: intake once, burst by burst, and feeds that miss nothing."""
