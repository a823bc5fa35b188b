"""A recorded or generated day, lived again by the same judge with the time of the file (docs/replay.md)."""
