"""The way upstream: a process of its own that owns the network and hands receipts to the core."""
