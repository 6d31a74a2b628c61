"""A gateway of the workbench API that runs nothing: runs end after a number of looks. It records what it
was asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

from jupyterlab_kfp.gateway import Address

NOW = "2026-11-24T10:00:00.000Z"


class FakeGateway:
    """Serves one made-up connection `local`. ``script`` says how the next run ends and what its tasks
    write.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.runs: dict[str, dict[str, Any]] = {}
        self.script: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(size)
                status, answer = fake.answer(self.command, self.path, raw, dict(self.headers))
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _serve

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.address = Address(url, "canary-token-0123456789", os.getpid(), "0.0.0")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def sent(self, method: str, ending: str) -> list[Any]:
        """Bodies of the calls of a method to paths with this ending."""
        return [body for m, path, body in self.calls if m == method and path.endswith(ending)]

    # -- answers
    # ----------------------------------------------------------------------------------------------------

    def answer(self, method: str, target: str, raw: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        prefix = f"/t/{self.address.token}"
        if not parts.path.startswith(prefix):
            return 404, {"code": "not-found", "message": "No."}
        path = parts.path[len(prefix) :]
        body = json.loads(raw) if raw and "json" in headers.get("Content-Type", "") else raw
        self.calls.append((method, path, body))
        self.last_headers = headers
        words = [unquote(word) for word in path.strip("/").split("/")]
        if words == ["api", "status"]:
            return 200, {
                "version": "0.0.0",
                "pid": os.getpid(),
                "node": "v24.0.0",
                "started_at": NOW,
                "active_runs": 0,
                "data_dir": "/nowhere",
                "default_connection": "local",
            }
        if words in (["api", "connections"], ["api", "connections", "search"]):
            return 200, {"connections": [self._connection()]}
        if words == ["api", "pipelines"]:
            return self._describe(body)
        if words == ["api", "bundles", "runs"]:
            return 200, self._bundle([self.runs[item["run_id"]] for item in body["runs"]])
        if words[:2] == ["api", "connections"] and words[2] != "local":
            return 404, {"code": "conn-unknown", "message": f'There is no connection called "{words[2]}".'}
        if words == ["api", "connections", "local"]:
            return 200, self._connection()
        if words[3:] == ["runs"]:
            if method == "POST":
                return self._create(body)
            return 200, {"runs": [run["header"] for run in reversed(self.runs.values())]}
        if words[3:4] == ["runs"] and len(words) > 5:
            run = self.runs.get(words[4])
            if run is None:
                return 404, {"code": "not-found", "message": f"Run {words[4]} does not exist on local."}
            return self._of_run(run, words[5:], query, body)
        return 404, {"code": "not-found", "message": f"No route {path}."}

    def _connection(self) -> dict[str, Any]:
        return {
            "ref": {"profile": "local", "fingerprint": "f", "flavour": "local"},
            "name": "local",
            "health": "connected",
            "origin": "local",
            "is_default": True,
        }

    def _describe(self, body: Any) -> tuple[int, Any]:
        documents = [d for d in yaml.safe_load_all(body["text"]) if isinstance(d, dict)]
        if not documents or "pipelineInfo" not in documents[0]:
            return 400, {
                "code": "bad-pipeline",
                "message": "This is not a compiled pipeline: no pipelineInfo, line 1.",
            }
        spec = documents[0]
        digest = "sha256:" + hashlib.sha256(body["text"].encode()).hexdigest()
        self.texts[digest] = body["text"]
        inputs = [
            {
                "name": name,
                "type": item["parameterType"],
                "optional": bool(item.get("isOptional")),
                **({"default": json.dumps(item["defaultValue"])} if "defaultValue" in item else {}),
            }
            for name, item in spec["root"].get("inputDefinitions", {}).get("parameters", {}).items()
        ]
        payload = {
            "schema": "kfp.pipeline/1",
            "name": spec["pipelineInfo"]["name"],
            "ir_digest": digest,
            "inputs": inputs,
        }
        if body.get("lint"):
            payload["lint"] = body["lint"]
        mime = "application/vnd.jupyterlab-kfp.pipeline+json"
        text = f"Pipeline {payload['name']} (not sent)"
        bundle = {mime: payload, "text/html": f"<strong>{text}</strong>", "text/plain": text}
        return 200, {"digest": digest, "payload": payload, "bundle": bundle}

    def _create(self, body: Any) -> tuple[int, Any]:
        identity = str(uuid.uuid4())
        script = {"looks": 2, "state": "SUCCEEDED", "tasks": {}, "failure": None, **self.script}
        header = {
            "run_id": identity,
            "name": body.get("name") or f"run {len(self.runs) + 1}",
            "connection": self._connection()["ref"],
            "experiment": {"id": "e", "name": body.get("experiment", "Default")},
            "pipeline": {"name": "p"},
            "state": "PENDING",
            "created_at": NOW,
            "parameters": [
                {"name": n, "type": "STRING", "json": json.dumps(v), "origin": "given"}
                for n, v in body.get("parameters", {}).items()
            ],
        }
        run = {"header": header, "script": script, "body": body, "looks": 0}
        self.runs[identity] = run
        return 200, {"run": header, "bundle": self._bundle([run])}

    def _of_run(
        self, run: dict[str, Any], words: list[str], query: dict[str, str], body: Any
    ) -> tuple[int, Any]:
        header, script = run["header"], run["script"]
        if words == ["view"]:
            run["looks"] += 1
            if header["state"] not in ("SUCCEEDED", "FAILED", "CANCELED"):
                header["state"] = script["state"] if run["looks"] >= script["looks"] else "RUNNING"
                if header["state"] != "RUNNING":
                    header["finished_at"] = "2026-11-24T10:00:09.000Z"
            done = header["state"] != "RUNNING"
            view: dict[str, Any] = {"run": header, "tasks": {}, "loops": {}, "counts": {}, "warnings": []}
            if query.get("detail") != "header":
                for name, task in script["tasks"].items():
                    state = "SUCCEEDED" if done else "RUNNING"
                    base = {
                        "id": f"id-{name}",
                        "path": name,
                        "name": name,
                        "vertex": name,
                        "kind": "task",
                        "state": state,
                    }
                    view["tasks"][base["id"]] = {**base, "attempts": [], **task}
                    if not done:
                        view["tasks"][base["id"]]["outputs"] = []
            if done and script["failure"]:
                view["failure"] = script["failure"]
            return 200, {"epoch": "e", "seq": 1, "view": view}
        if words == ["actions"]:
            if body["action"] == "terminate":
                header["state"] = "CANCELED"
            return 200, header
        if words == ["source"]:
            text = run["body"]["pipeline"]["text"]
            return 200, {"text": text, "digest": "sha256:" + hashlib.sha256(text.encode()).hexdigest()}
        if words[0] == "tasks" and words[2] == "log":
            log = script.get("logs", {}).get(words[1].removeprefix("id-"), "").encode()
            begin = int(query.get("from", 0))
            piece = log[begin : begin + 40]
            size, following = len(log), begin + len(piece)
            end = following == size
            return 200, {"offset": begin, "text": piece.decode(), "next": following, "size": size, "end": end}
        if words[0] == "artifacts":
            return 200, script["artifacts"][words[1]]
        return 404, {"code": "not-found", "message": "No route."}

    def _bundle(self, runs: list[dict[str, Any]]) -> dict[str, Any]:
        entries = [
            {"run_id": r["header"]["run_id"], "snapshot": {"state": r["header"]["state"]}} for r in runs
        ]
        text = "\n".join(
            f"Pipeline run {r['header']['name']}: {r['header']['state'].capitalize()}" for r in runs
        )
        return {
            "application/vnd.jupyterlab-kfp.run+json": {"schema": "kfp.run/1", "runs": entries},
            "text/html": f"<strong>{text}</strong>",
            "text/plain": text,
        }
