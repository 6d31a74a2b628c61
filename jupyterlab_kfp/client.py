"""Calls of the gateway's workbench API, on the standard library alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from . import gateway
from .errors import KfpConnectionError, from_problem

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

#: Seconds that an ordinary call may take.
CALL_LIMIT = 30.0


class GatewayClient:
    """Talk to the gateway; finds or starts it at the first call and again when it has gone.

    Connections are kept open, one a thread, because a wait asks several times a second.
    """

    def __init__(self, address: gateway.Address | None = None) -> None:
        self._address = address
        self._local = threading.local()

    @property
    def address(self) -> gateway.Address:
        """The gateway's address; finding or starting it where there is none yet."""
        if self._address is None:
            self._address = gateway.ensure()
        return self._address

    @property
    def known(self) -> bool:
        """True when a gateway was found already, so that a call will not start one."""
        return self._address is not None

    def forget(self) -> None:
        """Look the gateway up again at the next call."""
        self._address = None
        self._close()

    # -- plain calls
    # ------------------------------------------------------------------------------------------------

    def get(self, path: str, query: Mapping[str, Any] | None = None, timeout: float = CALL_LIMIT) -> Any:
        """GET a JSON answer. ``path`` begins after ``/api``."""
        return self.call("GET", path, query=query, timeout=timeout)

    def post(
        self, path: str, body: Any = None, query: Mapping[str, Any] | None = None, timeout: float = CALL_LIMIT
    ) -> Any:
        """POST a JSON body, get a JSON answer."""
        return self.call("POST", path, body={} if body is None else body, query=query, timeout=timeout)

    def delete(self, path: str) -> Any:
        """DELETE something."""
        return self.call("DELETE", path)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        timeout: float = CALL_LIMIT,
    ) -> Any:
        """Do one call.

        Raises:
            KfpError: what the gateway refused, with its code; ``gateway-absent`` or ``timeout`` where it does
                not answer.
        """
        data = None if body is None else json.dumps(body, allow_nan=False).encode()
        answer = self._send(method, self._target("/api" + path, query), data, "application/json", timeout)
        return self._read(answer)

    def upstream(
        self,
        connection: str,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call the KFP API of a connection through the pass-through."""
        data = None if body is None else json.dumps(body).encode()
        target = self._target(f"/c/{quote(connection, safe='')}{path}", query)
        return self._read(self._send(method, target, data, "application/json", CALL_LIMIT))

    def upload(self, connection: str, path: str, query: Mapping[str, Any], name: str, content: bytes) -> Any:
        """Send a file to the KFP API of a connection as a multipart form with the field ``uploadfile``."""
        import secrets

        mark = secrets.token_hex(16)
        safe = name.replace('"', "").replace("\r", "").replace("\n", "")
        data = b"".join(
            (
                f'--{mark}\r\nContent-Disposition: form-data; name="uploadfile"; filename="{safe}"\r\n'.encode(),
                b"Content-Type: application/octet-stream\r\n\r\n",
                content,
                f"\r\n--{mark}--\r\n".encode(),
            )
        )
        target = self._target(f"/c/{quote(connection, safe='')}{path}", query)
        return self._read(
            self._send("POST", target, data, f"multipart/form-data; boundary={mark}", CALL_LIMIT)
        )

    def stream(
        self, path: str, query: Mapping[str, Any] | None = None, size: int = 1 << 16
    ) -> Iterator[bytes]:
        """GET bytes in pieces; the connection is used for nothing else until they have ended."""
        answer = self._send("GET", self._target("/api" + path, query), None, None, CALL_LIMIT)
        if answer.status >= 400:
            self._read(answer)
        try:
            while piece := answer.read(size):
                yield piece
        finally:
            if not answer.isclosed():
                self._close()

    # -- the wire
    # ---------------------------------------------------------------------------------------------------

    @staticmethod
    def _target(path: str, query: Mapping[str, Any] | None) -> str:
        given = {key: value for key, value in (query or {}).items() if value is not None}
        return f"{path}?{urlencode(given)}" if given else path

    def _send(
        self, method: str, target: str, data: bytes | None, content_type: str | None, timeout: float
    ) -> HTTPResponse:
        # Imported at the first call: a kernel that only loads the magic does not pay for it.
        from http.client import HTTPException

        # A connection that the gateway closed meanwhile, and a gateway that ended, are each tried once more.
        # A submit may be repeated because it carries an idempotency key.
        for attempt in range(3):
            connection = self._connection(timeout)
            headers = {"Accept": "application/json, */*"}
            if data is not None and content_type:
                headers["Content-Type"] = content_type
            try:
                connection.request(method, f"/t/{self.address.token}{target}", body=data, headers=headers)
                return connection.getresponse()
            except TimeoutError as reason:
                self._close()
                raise KfpConnectionError(
                    "timeout", f"The gateway did not answer within {timeout:.0f} s."
                ) from reason
            except BaseException as reason:
                self._close()
                if not isinstance(reason, (ConnectionError, HTTPException, OSError)):
                    raise
                if attempt == 2:
                    raise KfpConnectionError(
                        "gateway-absent", f"The gateway is not running: {reason}."
                    ) from None
                if attempt == 1 or isinstance(reason, ConnectionRefusedError):
                    self.forget()
        raise AssertionError("unreachable")

    def _read(self, answer: HTTPResponse) -> Any:
        raw = answer.read()
        try:
            value = json.loads(raw) if raw else {}
        except ValueError:
            value = None
        if answer.status >= 400:
            problem = (
                value
                if isinstance(value, dict)
                else {"message": raw[:300].decode("utf-8", "replace").strip()}
            )
            if not isinstance(problem.get("code"), str):
                # The KFP API numbers its errors as gRPC does, or not at all; the status says more.
                problem = {"message": problem.get("message") or problem.get("error_message")}
            raise from_problem(answer.status, problem)
        if value is None:
            raise KfpConnectionError(
                "gateway-absent", "Something else than the gateway answered at its address."
            )
        return value

    def _connection(self, timeout: float) -> HTTPConnection:
        existing: HTTPConnection | None = getattr(self._local, "connection", None)
        if existing is not None and getattr(self._local, "base", None) == self.address.base:
            existing.timeout = timeout
            if existing.sock is not None:
                existing.sock.settimeout(timeout)
            return existing
        parts = urlsplit(self.address.url)
        from http.client import HTTPConnection

        made = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
        self._local.connection = made
        self._local.base = self.address.base
        return made

    def _close(self) -> None:
        existing: HTTPConnection | None = getattr(self._local, "connection", None)
        if existing is not None:
            existing.close()
        self._local.connection = None


def segment(text: str) -> str:
    """Quote one segment of a path."""
    return quote(text, safe="")
