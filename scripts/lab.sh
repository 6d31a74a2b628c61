#!/usr/bin/env bash
# Starts JupyterLab on the first example and prints its address. Arguments go to `jupyter lab`.
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=()
if [ "$(id -u)" = 0 ]; then
  # Containers and notebook images run as root; Jupyter asks for a word then.
  arguments+=(--allow-root)
fi
# The address is printed with the notebook, for those whose browser is elsewhere.
exec .venv/bin/jupyter lab --notebook-dir=examples --LabApp.default_url=/lab/tree/first-pipeline.ipynb "${arguments[@]}" "$@"
