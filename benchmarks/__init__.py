"""Measurements over real HTTP: `make bench`, or `python -m benchmarks --help`."""
