"""What Nightlamp is measured by: `python -m tests.benchmarks NAME [--peers] [--json]`, one form for all."""
