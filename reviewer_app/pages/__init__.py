"""One folder per screen: page.py holds widgets, presenter.py state and actions."""
