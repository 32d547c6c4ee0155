"""Send back: the work of one person leaves in one file."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.sendback.page import SendBackPage

PAGE: Final[type[Page]] = SendBackPage
