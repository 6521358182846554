"""Pages: an executed notebook as HTML and PDF, a run's index, a notebook in JupyterLab."""
