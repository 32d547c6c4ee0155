"""The human baseline: reading plans and timed sittings; nothing here knows a key."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.baseline.page import BaselinePage

PAGE: Final[type[Page]] = BaselinePage
