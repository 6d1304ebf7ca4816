"""Many rows at once, past the services: the data of `manage.py seed_load` and of the benchmarks."""
