"""Ids for the contexts; the maker itself lives with the accounts, which need it too."""

from accounts.ids import object_id

__all__ = ["object_id"]
