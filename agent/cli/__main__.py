"""`python -m agent.cli`: the same as the `nightlamp` script."""

from agent.cli.main import main

main()
