"""A file as a council sends it, read as a table of text; and the text of its cells as exact
values.
"""
