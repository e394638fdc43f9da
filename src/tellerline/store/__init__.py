"""The record on disk: events in SQLite, hash-chained and sealed, with the projections that are read at a glance."""
