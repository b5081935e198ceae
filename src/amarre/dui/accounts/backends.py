"""Finds the account of a session; the login itself is `psc`'s."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from amarre.dui.accounts.models import User


class SubjectBackend(BaseBackend):
    """Accounts by primary key, closed accounts excluded."""

    def get_user(self, user_id: int) -> User | None:
        """Return the open account `user_id`, or None."""
        # At each request: without the order of the lists.
        return User.objects.filter(pk=user_id, is_active=True).order_by().first()
