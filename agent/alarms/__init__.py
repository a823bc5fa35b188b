"""The life of an alarm: pure, time comes in as a value."""
