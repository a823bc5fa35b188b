"""Everything that speaks to a device: bytes in, readings out. Knows no resident, rule or alarm."""
