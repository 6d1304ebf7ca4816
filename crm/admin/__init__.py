"""The console's pages of the CRM; importing them registers them."""

from crm.admin import categories, contacts, records, tasks, templates

__all__ = ["categories", "contacts", "records", "tasks", "templates"]
