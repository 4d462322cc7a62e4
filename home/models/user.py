from django.contrib.auth.models import AbstractUser

__all__ = ["User"]


class User(AbstractUser):
    """A person who signs in to write, review or administer the site."""
