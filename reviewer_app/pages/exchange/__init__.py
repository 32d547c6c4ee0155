"""Exchange: questions come in from files, sets leave."""

from typing import Final

from reviewer_app.pages.base import Page
from reviewer_app.pages.exchange.page import ExchangePage

PAGE: Final[type[Page]] = ExchangePage
