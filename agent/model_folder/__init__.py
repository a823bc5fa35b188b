"""Models that a home installs itself: `models/` in the state folder, a manifest and the files that it names.

Nothing here runs a model: files are known by their SHA-256, and a try run is a process of its own.
"""
