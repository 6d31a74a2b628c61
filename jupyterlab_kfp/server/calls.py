"""Calls of the page, passed on to the gateway and streamed back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders, parse_response_start_line
from tornado.iostream import StreamClosedError

from ..errors import KfpConnectionError

if TYPE_CHECKING:
    from . import KfpExtension
    from .link import GatewayLink

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
