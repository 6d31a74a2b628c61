"""Compile the samples beside this file to YAML: ``python gateway/src/local/samples/compile.py``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from kfp import compiler

HERE = Path(__file__).parent
SAMPLES = {"data_passing": "data_passing", "control_structures": "control_structures"}


def main(folder: Path = HERE) -> None:
    """Write one YAML file per sample."""
    sys.path.insert(0, str(HERE))
    for module, function in SAMPLES.items():
        pipeline = getattr(importlib.import_module(module), function)
        compiler.Compiler().compile(pipeline, str(folder / f"{module}.yaml"))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
