"""Server without sign-in, with the page helpers of galata: feature tests in JupyterLab and Notebook 7."""

import os

from jupyterlab.galata import configure_jupyter_server

c = get_config()  # noqa: F821
configure_jupyter_server(c)

c.ServerApp.port = int(os.environ["JUPYTERLAB_KFP_TEST_PORT"])
c.ServerApp.allow_root = True
c.ServerApp.ip = "127.0.0.1"
c.FileContentsManager.delete_to_trash = False
c.ExtensionApp.open_browser = False
if os.environ["JUPYTERLAB_KFP_TEST_PROJECT"] == "notebook":
    c.JupyterNotebookApp.expose_app_in_browser = True
    c.JupyterNotebookApp.extra_labextensions_path = c.LabServerApp.extra_labextensions_path
