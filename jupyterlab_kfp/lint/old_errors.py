"""One line after an error that comes from names of kfp 1.8."""

from __future__ import annotations

import re
import sys

#: Names of kfp 1.8 that people meet in tutorials, and kfp 2 does not have (or not there).
_NAMES = (
    "create_component_from_func|func_to_container_op|ContainerOp|VolumeOp|ResourceOp|PipelineVolume|add_pvolumes"
    "|add_env_variable|VOLUME_MODE_RWO|VOLUME_MODE_RWM|VOLUME_MODE_ROM|InputTextFile|OutputTextFile"
    "|InputBinaryFile|OutputBinaryFile|get_pipeline_conf|RUN_ID_PLACEHOLDER|run_pipeline_func_on_cluster"
)
_LACKS = re.compile(
    rf"has no attribute '(?:{_NAMES})'|cannot import name '(?:{_NAMES}|InputPath|OutputPath)'"
)
HINT = "v1 API: run %kfp v1 on, use a KFP 1.8 kernel, or %kfp v1 convert"


def hint_of(error: BaseException | None) -> str | None:
    """The hint for an exception of a cell; None where it has another cause."""
    if not isinstance(error, (AttributeError, ImportError)) or "kfp" not in sys.modules:
        return None
    text = str(error)
    if _LACKS.search(text) is None:
        return None
    # Other libraries have attributes of these names too: the message or the object must be of kfp.
    owner = getattr(error, "obj", None)
    module = getattr(owner, "__name__", "") if owner is not None else ""
    kind = type(owner).__module__ if owner is not None else ""
    name = str(getattr(error, "name", "") or "")
    of_kfp = any(str(part).split(".")[0] == "kfp" for part in (module, kind, name))
    return HINT if of_kfp or re.search(r"\bkfp\b|PipelineTask", text) else None
