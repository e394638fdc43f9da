"""Making a release out of a bank pack's folder: read, check, compile, and keep what was compiled for the next start."""
