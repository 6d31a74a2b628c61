"""The part inside Jupyter Server: an authenticated way from the page to the user's gateway.

The page names connections, never addresses: everything is passed on to one place, the gateway's workbench
API. The browser's cookies and its authorization stay here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders, parse_response_start_line
from tornado.iostream import StreamClosedError
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketHandler,
    websocket_connect,
)
from traitlets import Bool, Float

from . import gateway
from .errors import KfpConnectionError

#: Subprotocol of the watch socket.
WATCH_PROTOCOL = "kfp.watch.1"
#: Headers of one hop, and those that belong to Jupyter alone.
_NOT_SENT = frozenset(
    (
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-xsrftoken",
    )
)
_NOT_RETURNED = frozenset(
    (
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


class GatewayLink:
    """Finds or starts the gateway, off the event loop, once for all callers that wait at the same time."""

    def __init__(self) -> None:
        self._address: gateway.Address | None = None
        self._pending: asyncio.Future[gateway.Address] | None = None
        self._client: AsyncHTTPClient | None = None

    @property
    def client(self) -> AsyncHTTPClient:
        """A client of our own: the limits of the shared one are set by whoever asks first."""
        if self._client is None:
            # Pages keep long reads open; the default of 10 at once would let them wait for each other.
            # Artifacts may have any size: they are passed on piece by piece and never kept.
            self._client = AsyncHTTPClient(force_instance=True, max_clients=100, max_body_size=1 << 50)
        return self._client

    async def address(self) -> gateway.Address:
        """The gateway's address.

        Raises:
            KfpConnectionError: ``gateway-node`` or ``gateway-absent``.
        """
        if self._address is not None:
            return self._address
        if self._pending is None:
            loop = asyncio.get_running_loop()
            self._pending = asyncio.ensure_future(loop.run_in_executor(None, gateway.ensure))
            self._pending.add_done_callback(self._settled)
        return await asyncio.shield(self._pending)

    def _settled(self, done: asyncio.Future[gateway.Address]) -> None:
        self._pending = None
        if not done.cancelled() and done.exception() is None:
            self._address = done.result()

    def forget(self) -> None:
        """Look the gateway up again: it did not answer."""
        self._address = None


def _problem(error: KfpConnectionError) -> dict[str, str]:
    found = {"code": error.code, "message": error.message}
    if error.fix:
        found["fix"] = error.fix
    return found


class GatewayHandler(ExtensionHandlerMixin, APIHandler):
    """Passes one call of the page on to the gateway and streams the answer back."""

    auth_resource = "jupyterlab_kfp"

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Read something."""
        self._track_activity = False  # an open tab is not work, and must not keep a hub's server alive
        await self._forward(path)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Do something."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        """Replace something."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def patch(self, path: str) -> None:
        """Change something."""
        await self._forward(path)

    @web.authenticated
    @authorized
    async def delete(self, path: str) -> None:
        """Remove something."""
        await self._forward(path)

    def update_api_activity(self) -> None:
        """Count a call as activity, but for reads."""
        if getattr(self, "_track_activity", True):
            super().update_api_activity()

    async def _forward(self, path: str) -> None:
        link: GatewayLink = self.settings["jupyterlab_kfp_link"]
        for attempt in range(2):
            try:
                address = await link.address()
            except KfpConnectionError as error:
                self._refuse(502, _problem(error))
                return
            try:
                await self._stream(f"{address.base}/api/{path}")
                return
            except (ConnectionError, OSError, HTTPClientError) as reason:
                if isinstance(reason, StreamClosedError) and self._wrote:
                    return  # the page has gone away while its answer was on the way
                link.forget()
                late = isinstance(reason, HTTPClientError) and reason.code == 599 and "imeout" in str(reason)
                # A call that may have done something already is not sent a second time by itself.
                if self._wrote:
                    raise web.HTTPError(502, "The gateway broke off.") from None
                if attempt or late or not self._repeatable(reason):
                    code = "timeout" if late else "gateway-absent"
                    self._refuse(
                        504 if late else 502,
                        {"code": code, "message": f"The gateway is not running: {reason}."},
                    )
                    return

    def _repeatable(self, reason: Exception) -> bool:
        return self.request.method == "GET" or isinstance(reason, ConnectionRefusedError)

    _wrote = False

    async def _stream(self, url: str) -> None:
        query = [pair for pair in self.request.query.split("&") if pair and not pair.startswith("token=")]
        if query:
            url += "?" + "&".join(query)
        headers = HTTPHeaders()
        for name, value in self.request.headers.get_all():
            if name.lower() not in _NOT_SENT:
                headers.add(name, value)
        app: KfpExtension = self.extensionapp  # type: ignore[assignment]
        loop = asyncio.get_running_loop()
        pending: list[asyncio.Future[None]] = []
        seen = {"head": False}

        def on_header(line: str) -> None:
            line = line.strip()
            if line.startswith("HTTP/"):
                self.set_status(parse_response_start_line(line).code)
                self.clear_header("Content-Type")
                self.clear_header("Content-Length")
            elif ":" in line:
                name, value = line.split(":", 1)
                if name.strip().lower() not in _NOT_RETURNED:
                    self.set_header(name.strip(), value.strip())
            elif not line:
                seen["head"] = True

        def on_chunk(chunk: bytes) -> asyncio.Future[None]:
            self._wrote = True
            self.write(chunk)
            flushed = loop.create_task(self._flush())
            pending[:] = [*(task for task in pending if not task.done()), flushed]
            # Tornado 6.6 reads on when this has ended, so a slow page slows the gateway down.
            return flushed

        request = HTTPRequest(
            url,
            method=self.request.method or "GET",
            headers=headers,
            body=self.request.body or (b"" if self.request.method in ("POST", "PUT", "PATCH") else None),
            allow_nonstandard_methods=True,
            follow_redirects=False,
            decompress_response=False,
            connect_timeout=10,
            request_timeout=app.request_limit,
            header_callback=on_header,
            streaming_callback=on_chunk,
        )
        link: GatewayLink = self.settings["jupyterlab_kfp_link"]
        await link.client.fetch(request, raise_error=False)
        if not seen["head"]:
            raise ConnectionError("it closed the connection")
        for task in pending:
            await task
        await self.finish()

    async def _flush(self) -> None:
        try:
            await self.flush()
        except StreamClosedError:
            pass  # the page has gone away

    def _refuse(self, status: int, problem: dict[str, str]) -> None:
        self.set_status(status)
        self.finish(problem)


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
