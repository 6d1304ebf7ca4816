"""The routes of the REST protocol."""

urlpatterns: list = []
