"""The panel and the API, served for real and looked at with a real browser."""
