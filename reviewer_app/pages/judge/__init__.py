"""Judge: physicians grade a sample blind, a lead asks judges and lets their scores count."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.judge.page import JudgePage

PAGE: Final[type[Page]] = JudgePage
