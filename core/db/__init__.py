"""The store: the only package that imports sqlalchemy; nothing of it but frozen records leaves."""
