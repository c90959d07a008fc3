"""
The command line: one file per command, `riskmill.cli.main:main` the only way in.

Words typed by a person or a scheduler enter; tables, JSON and an exit code leave, data on
standard output and talk on standard error. No figure is computed here and nothing is stored.
"""
