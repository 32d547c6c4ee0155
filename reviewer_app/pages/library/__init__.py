"""The library: every question of the workspace."""

from reviewer_app.pages.library.page import LibraryPage

PAGE = LibraryPage
