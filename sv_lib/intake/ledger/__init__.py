"""A council's payments: which column is which, which rows are payments, and what is still to be
decided.
"""
