"""Reproducible social value reporting for UK councils: params -> intake -> toms -> analysis -> figures -> present -> publish."""
