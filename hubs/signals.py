"""What happens to hubs and members that others have to act on. Hubs know nothing of tasks: tasks connect here.

All are sent inside the transaction of the change, so a receiver that raises undoes it.
"""

from django.dispatch import Signal

# Asks, with `organization` and `hub_ids`: a receiver answers the set of those ids that must not be deleted.
hubs_in_use = Signal()

# Tells, with `actor` and `hub`, before the hub's row goes: receivers erase what belongs to it.
hub_deleting = Signal()

# Tells, with `actor` and `user`, that a member leaves the organization: receivers take his open work back.
member_removing = Signal()
