"""One serial protocol a file: bytes to values or back, apart from any port."""
