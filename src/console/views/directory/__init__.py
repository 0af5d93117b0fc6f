"""The Directory screen: finding a community service that fits, is near and is open now."""

from console.views.directory.directory_screen import DirectoryScreen
from console.views.directory.directory_view import DIRECTORY_KEYS, DirectoryView

__all__ = ["DIRECTORY_KEYS", "DirectoryScreen", "DirectoryView"]
