"""The part inside Jupyter Server: an authenticated way from the page to the user's gateway.

The page names connections, never addresses: everything is passed on to one place, the gateway's workbench
API. The browser's cookies and its authorization stay here.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Float

from ..errors import KfpConnectionError
from .calls import GatewayHandler
from .link import GatewayLink
from .socket import WatchHandler

__all__ = ["KfpExtension"]


class KfpExtension(ExtensionApp):
    """Serves the workbench API of the user's gateway under ``jupyterlab-kfp/api``."""

    name = "jupyterlab_kfp"
    app_name = "Kubeflow Pipelines"
    description = "Kubeflow Pipelines in Jupyter."

    start_gateway = Bool(
        False, help="Start the gateway with the server instead of at the first use.", config=True
    )
    request_limit = Float(
        300.0,
        help="Seconds that one call of the page may take, downloads of artifacts included.",
        config=True,
    )

    def initialize_settings(self) -> None:
        """Put the link to the gateway where the handlers find it."""
        self.settings["jupyterlab_kfp_link"] = GatewayLink()

    def initialize_handlers(self) -> None:
        """Register the routes; the server puts its base_url before them."""
        self.handlers.extend(
            [
                (r"/jupyterlab-kfp/api/watch", WatchHandler),
                (r"/jupyterlab-kfp/api/(.*)", GatewayHandler),
            ]
        )

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        if self.start_gateway:
            try:
                await self.settings["jupyterlab_kfp_link"].address()
            except KfpConnectionError as error:
                self.log.warning("%s %s", error.message, error.fix or "")
