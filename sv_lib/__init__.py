"""Reproducible social value reporting for UK councils. The folders are the data flow, from params
to
publish.
"""
