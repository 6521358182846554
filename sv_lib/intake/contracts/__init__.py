"""Contracts from notices and from a published register, as rows of our tables."""
