"""The panel and the API: shows what the core knows now, and brings commands back through one door."""
