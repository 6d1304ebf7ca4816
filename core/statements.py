"""Statements that are made once; they are the accounts' own, as every request begins with one. Contexts know them by
this name."""

from accounts.statements import Given, Prepared, PreparedIn, cursor, row_insert, row_update, rows_insert, together

__all__ = ["Given", "Prepared", "PreparedIn", "cursor", "row_insert", "row_update", "rows_insert", "together"]
