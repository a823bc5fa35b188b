"""The eyes: camera frames in, observations out. A process of its own; no core module imports anything from here."""
