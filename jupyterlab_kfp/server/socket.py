"""The page's watch socket, joined to the gateway's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketHandler,
    websocket_connect,
)

from ..errors import KfpConnectionError

if TYPE_CHECKING:
    from .link import GatewayLink

#: Subprotocol of the watch socket.
WATCH_PROTOCOL = "kfp.watch.1"


class WatchHandler(ExtensionHandlerMixin, WebSocketMixin, WebSocketHandler, JupyterHandler):
    """Joins the page's watch socket to the gateway's."""

    auth_resource = "jupyterlab_kfp"
    _upstream: WebSocketClientConnection | None = None
    _reader: asyncio.Task[None] | None = None

    def get_compression_options(self) -> dict[str, Any] | None:
        """Patches repeat their keys, so they compress well."""
        return {}

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Authorize, reach the gateway, and only then shake hands."""
        self._track_activity = False
        allowed = self.authorizer.is_authorized(self, self.current_user, "execute", self.auth_resource)
        if hasattr(allowed, "__await__"):
            allowed = await allowed
        if not allowed:
            raise web.HTTPError(403)
        link: GatewayLink = self.settings["jupyterlab_kfp_link"]
        for attempt in range(2):
            try:
                address = await link.address()
                url = f"ws{address.base.removeprefix('http')}/api/watch"
                self._upstream = await websocket_connect(
                    HTTPRequest(url, connect_timeout=10, request_timeout=10),
                    subprotocols=[WATCH_PROTOCOL],
                    max_message_size=1 << 20,
                )
                break
            except KfpConnectionError as error:
                raise web.HTTPError(502, error.message) from None
            except (OSError, HTTPClientError) as reason:
                link.forget()
                if attempt:
                    raise web.HTTPError(502, f"The gateway is not running: {reason}.") from None
        await super().get(*args, **kwargs)
        if self.ws_connection is None and self._upstream is not None:
            self._upstream.close()  # the handshake was refused, for example for its origin

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Speak the one protocol there is."""
        return WATCH_PROTOCOL if WATCH_PROTOCOL in subprotocols else None

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Begin to pass frames on."""
        super().open(*args, **kwargs)
        self._reader = asyncio.ensure_future(self._pump())

    async def _pump(self) -> None:
        upstream = self._upstream
        if upstream is None:
            return
        try:
            while (message := await upstream.read_message()) is not None:
                # Waiting for each write lets a slow page slow the gateway down, which then sends a snap
                # instead of patches.
                await self.write_message(message, binary=isinstance(message, bytes))
        except (WebSocketClosedError, StreamClosedError):
            return
        finally:
            self.close(upstream.close_code or 1001)

    async def on_message(self, message: str | bytes) -> None:
        """Pass a frame of the page on."""
        if self._upstream is not None:
            try:
                await self._upstream.write_message(message, binary=isinstance(message, bytes))
            except (WebSocketClosedError, StreamClosedError):
                self.close(1001)

    def on_close(self) -> None:
        """The page has gone: let the gateway know."""
        super().on_close()
        if self._upstream is not None:
            self._upstream.close()
