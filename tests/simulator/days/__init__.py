"""A home of sixty by seed: days and nights, what happens in them, and carers who answer. Plausible, not recorded."""
