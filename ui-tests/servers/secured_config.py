"""Server below a base URL with a password (project hub) or a token, XSRF checks on: as under JupyterHub."""

import os

from jupyter_server.auth import passwd

c = get_config()  # noqa: F821
project = os.environ["JUPYTERLAB_KFP_TEST_PROJECT"]

c.ServerApp.port = int(os.environ["JUPYTERLAB_KFP_TEST_PORT"])
c.ServerApp.port_retries = 0
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.base_url = "/user/x/"
c.ServerApp.allow_root = True
c.ServerApp.open_browser = False
c.ExtensionApp.open_browser = False
c.ServerApp.root_dir = os.environ["JUPYTERLAB_GALATA_ROOT_DIR"]
c.FileContentsManager.delete_to_trash = False
c.LabApp.expose_app_in_browser = True
if project == "hub":
    c.IdentityProvider.token = ""
    c.PasswordIdentityProvider.hashed_password = passwd("ui-tests", algorithm="sha1")
else:
    c.IdentityProvider.token = "ui-tests-token"
