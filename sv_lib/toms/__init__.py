"""The method: measures, how each is counted and valued, when it falls due, and what may not count
twice.
"""
