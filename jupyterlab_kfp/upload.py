"""Upload pipelines to a service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .client import segment
from .compile import Compiled
from .errors import KfpError, KfpServiceError, KfpUsageError, clip
from .session import current
from .text import Shown

_PIPELINES = "/apis/v2beta1/pipelines"


class Version(Shown):
    """A version of a pipeline on a service."""

    def __init__(
        self, raw: Mapping[str, Any], pipeline: str, connection: str, new: bool, note: str = ""
    ) -> None:
        self._raw = raw
        self._note = note
        #: Name of the pipeline.
        self.pipeline = pipeline
        self.connection = connection
        #: True when the pipeline was not there before.
        self.new = new

    @property
    def id(self) -> str:
        """Id of the version."""
        return str(self._raw["pipeline_version_id"])

    @property
    def pipeline_id(self) -> str:
        """Id of the pipeline."""
        return str(self._raw["pipeline_id"])

    @property
    def name(self) -> str:
        """Name of the version."""
        return str(self._raw.get("display_name") or self._raw.get("name") or self.id)

    def as_json(self) -> Any:
        """For ``--json``."""
        return {
            "connection": self.connection,
            "pipeline": self.pipeline,
            "pipeline_id": self.pipeline_id,
            "version": self.name,
            "version_id": self.id,
            "new_pipeline": self.new,
        }

    def as_text(self) -> str:
        """One line."""
        what = f"pipeline {self.pipeline}, version {self.name} on {self.connection}"
        return f"Not uploaded: {what} {self._note}." if self._note else f"Uploaded: {what}."


def upload_compiled(
    compiled: Compiled,
    name: str | None = None,
    version: str | None = None,
    tags: Mapping[str, str] | None = None,
    on: str | None = None,
    ns: str | None = None,
) -> Version:
    """Upload a pipeline: a new one, or a new version where one of this name is there.

    Raises:
        KfpUsageError: ``usage-value`` for an empty name. KfpServiceError: The service refused.
    """
    session = current()
    connection = session.target(on)
    namespace = session.namespace(ns, on)
    title = _name(name, "--pipeline") or compiled.name
    label = _name(version, "--version") or f"{title} {datetime.now(timezone.utc):%Y-%m-%d %H-%M-%S}"
    if not compiled.text:
        raise KfpUsageError("usage-target", f"{title} is on {connection} already.")
    pipeline = find_pipeline(connection, title, namespace)
    new = pipeline is None
    if pipeline is None:
        body = {"name": title, "display_name": title, "namespace": namespace}
        pipeline = session.client.upstream(
            connection, "POST", _PIPELINES, {key: value for key, value in body.items() if value}
        )
    try:
        raw = session.client.upload(
            connection,
            f"{_PIPELINES}/upload_version",
            {
                "name": label,
                "display_name": label,
                "pipelineid": pipeline["pipeline_id"],
                "tags": json.dumps(dict(tags)) if tags else None,
            },
            "pipeline.yaml",
            compiled.text.encode(),
        )
    except BaseException as error:
        if isinstance(error, KfpError) and error.code == "conflict":
            return _same_version(compiled, pipeline["pipeline_id"], title, label, connection)
        if new:
            # A pipeline without a version is of no use to anybody.
            session.client.upstream(connection, "DELETE", f"{_PIPELINES}/{segment(pipeline['pipeline_id'])}")
        raise
    session.saw("pipelines", title)
    session.saw("versions", f"{title}@{label}")
    return Version(raw, title, connection, new)


def _same_version(compiled: Compiled, pipeline_id: str, title: str, label: str, connection: str) -> Version:
    """A version of this name is there: fine when it is the same pipeline, so that a cell can be run again.

    Raises:
        KfpServiceError: ``conflict`` when it is another one.
    """
    client = current().client
    base = f"{_PIPELINES}/{segment(pipeline_id)}/versions"
    rows = client.upstream(connection, "GET", base, query={"page_size": 100}).get("pipeline_versions") or ()
    for row in rows:
        if label in (row.get("name"), row.get("display_name")) and _spec(row["pipeline_spec"]) == _spec(
            compiled.text
        ):
            return Version(row, title, connection, False, "was there already, unchanged")
    raise KfpServiceError(
        "conflict", f"{title} has a version {label} with other content.", "Choose another name: --version …"
    )


def _spec(content: Any) -> Any:
    """A pipeline in the form of the KFP API, the same for text and for what a service answers."""
    client = current().client
    text = content if isinstance(content, str) else json.dumps(content)
    return client.get(f"/pipelines/{segment(client.post('/pipelines', {'text': text})['digest'])}/spec")


def find_pipeline(connection: str, name: str, namespace: str | None) -> dict[str, Any] | None:
    """Ask a service for the pipeline of a name."""
    try:
        found: dict[str, Any] = current().client.upstream(
            connection, "GET", f"{_PIPELINES}/names/{segment(name)}", query={"namespace": namespace}
        )
    except KfpError as error:
        if error.code == "not-found":
            return None
        raise
    return found


def read_tags(pairs: list[str]) -> dict[str, str]:
    """Read ``key=value`` pairs.

    Raises:
        KfpUsageError: ``usage-value`` for one without ``=``.
    """
    found = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or not key.strip():
            raise KfpUsageError("usage-value", f"--tag {clip(pair, 60)}: write KEY=VALUE.")
        found[key.strip()] = value
    return found


def _name(given: str | None, option: str) -> str | None:
    if given is not None and not given.strip():
        raise KfpUsageError("usage-value", f"{option} is empty.")
    return given
