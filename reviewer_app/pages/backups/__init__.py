"""Backups: what was kept, what going back would change, and the way back."""

from typing import Final

from reviewer_app.pages.backups.page import BackupsPage
from reviewer_app.pages.base import Page

PAGE: Final[type[Page]] = BackupsPage
