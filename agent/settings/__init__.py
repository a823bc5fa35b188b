"""The installer's files: read whole, checked whole, every mistake told at once with its file and line."""
