"""An executed notebook as HTML and PDF, the index page of a run, and a notebook as it looks in
JupyterLab.
"""
