"""Lets `python -m riskmill` stand for the command `riskmill`."""

from riskmill.cli.main import main

if __name__ == "__main__":
    main()
