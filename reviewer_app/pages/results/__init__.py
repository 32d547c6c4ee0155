"""Results: people beside models, and the answers behind every figure."""

from reviewer_app.pages.results.page import ResultsPage

PAGE = ResultsPage
