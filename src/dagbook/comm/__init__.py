"""What a notebook's kernel and the JupyterLab extension say to each other."""
