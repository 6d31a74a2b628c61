"""Says as JSON what an interpreter is and where its KFP runtime and its pip lie."""

import json
import os
import platform
import site
import sys
from importlib import metadata, util


def folder(name):
    spec = util.find_spec(name)
    return spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else None


def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


kfp = version("kfp")
kfp_folder = folder("kfp") if kfp else None
if kfp_folder and not os.path.exists(os.path.join(kfp_folder, "dsl", "executor_main.py")):
    kfp = kfp_folder = None
print(
    json.dumps(
        {
            "executable": sys.executable,
            # A virtual environment is no interpreter of its own: what is built from two of one Python is the same.
            "base": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
            "version": platform.python_version(),
            "platform": sys.platform + "-" + platform.machine(),
            "kfpVersion": kfp,
            "kfpFolder": kfp_folder,
            "pipFolder": folder("pip") if version("pip") else None,
            "siteFolders": site.getsitepackages()
            + ([site.getusersitepackages()] if site.ENABLE_USER_SITE else []),
        }
    )
)
