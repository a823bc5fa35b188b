"""The core process: everything wired together, and nothing decided here that a lower package could decide."""
