"""Asking language models: endpoint, prompt, start, watch, resume."""

from reviewer_app.pages.evaluate.page import EvaluatePage

PAGE = EvaluatePage
