"""The synthetic council behind the embedded default: the same bytes every time, on every
machine.
"""
