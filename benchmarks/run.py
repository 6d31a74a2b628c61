"""Print every claim about speed and size as a ratio, each beside its alternative of the same run.

``run.py NAME…`` measures some: local, gateway, labextension, lint, pixel, view, live, magics.
"""

from __future__ import annotations

import sys

import labextension
import live
import local_service
import magics
import pixel
import view
from table import HEADER

import lint

MEASURES = {
    "local": local_service.measure,
    "gateway": local_service.measure_gateway,
    "labextension": labextension.measure,
    "lint": lint.measure,
    "pixel": pixel.measure,
    "view": view.measure,
    "live": live.measure,
    "magics": magics.measure,
}


def main() -> int:
    """Measure what was asked for, or everything."""
    names = sys.argv[1:] or list(MEASURES)
    print(HEADER, flush=True)
    failed = 0
    for name in names:
        try:
            for row in MEASURES[name]():
                print(row, flush=True)
        except Exception as error:  # one broken measurement must not hide the others
            failed += 1
            print(f"{name}: not measured: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
