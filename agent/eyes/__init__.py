"""The core's side of the cameras: their settings, and the judge of what the vision process says. No pictures here."""
