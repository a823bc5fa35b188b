"""Shadow mode: what a camera would have raised, what people say it was, and the threshold that follows. Pure."""
