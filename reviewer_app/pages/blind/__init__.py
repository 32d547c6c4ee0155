"""Blinding: hide source and patient, with a record of what was done."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.blind.page import BlindPage

PAGE: Final[type[Page]] = BlindPage
