"""Packages: work goes out to people, comes back, and is brought together."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.packages.page import PackagesPage

PAGE: Final[type[Page]] = PackagesPage
