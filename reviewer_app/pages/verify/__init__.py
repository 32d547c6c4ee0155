"""Verification: answer blind, then see the key, rate and decide."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.verify.page import VerifyPage

PAGE: Final[type[Page]] = VerifyPage
