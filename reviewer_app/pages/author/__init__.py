"""The desk of an author: drafts, form, images, preview."""

from reviewer_app.pages.author.page import AuthorPage

PAGE = AuthorPage
