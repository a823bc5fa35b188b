"""The command line, `nightlamp`: in Chinese where the locale is, with --json wherever a program may call."""
