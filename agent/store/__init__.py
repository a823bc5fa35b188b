"""What is kept: SQLite, one writer a file. Alarms wait for nothing; readings wait for each other."""
