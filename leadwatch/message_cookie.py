"""The cookie with messages for the next page, such as "You have been logged out", on a site with HTTPS."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    # Like the other cookies, so that no other site of the domain can set it.
    cookie_name = "__Host-messages"


class Storage(FallbackStorage):
    storage_classes = (HostCookieStorage, SessionStorage)
