"""How pages are run and how JupyterLab is set."""
