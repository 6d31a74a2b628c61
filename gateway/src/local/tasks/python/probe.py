"""Says as JSON what an interpreter is and where its KFP runtime lies."""

import json
import platform
import sys
from importlib import metadata, util

try:
    version = metadata.version("kfp")
    spec = util.find_spec("kfp")
    folder = spec.submodule_search_locations[0] if spec else None
except metadata.PackageNotFoundError:
    version = folder = None
print(
    json.dumps(
        {
            "executable": sys.executable,
            "version": platform.python_version(),
            "platform": sys.platform + "-" + platform.machine(),
            "kfpVersion": version,
            "kfpFolder": folder,
        }
    )
)
