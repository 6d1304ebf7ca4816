"""Baselines: the plan as it stood at one moment, and how far today's plan has moved away from it."""
