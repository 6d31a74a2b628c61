"""The way from Jupyter Server to the user's gateway."""

from __future__ import annotations

import asyncio

from tornado.httpclient import AsyncHTTPClient

from .. import gateway


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
