"""A failure names the line of the cell that defines the function, whichever cell waits for the run."""

from __future__ import annotations

from ..real_kernel import Kernel

DEFINE = """%%kfp --quiet

from kfp import dsl
@dsl.component
def boom(x: int) -> int:
    def helper():
        return {}["label"]
    return helper()
@dsl.pipeline
def broken(): boom(x=1)
"""


def test_the_line_of_the_cell_that_defines_the_function(kernel: Kernel) -> None:
    kernel.ok("%kfp connect local")
    kernel.ok(DEFINE)
    number = kernel.ok("print(In.index(next(c for c in In if 'def boom' in c)))").text.strip()
    error = kernel.run("%kfp run broken --wait").error
    assert error.splitlines()[0].endswith(f"boom: KeyError: 'label' (cell In[{number}] line 7, in helper)")
    assert len(error.splitlines()) == 1
    # A script's function is in no cell: its own line must do.
    kernel.ok(
        "open('far.py', 'w').write('from kfp import dsl\\n@dsl.component\\ndef away() -> int:\\n    return 1 // 0\\n')"
    )
    kernel.ok("import sys; sys.path.insert(0, '.')\nfrom far import away")
    error = kernel.run("%%kfp run afar --wait\n@dsl.pipeline\ndef afar(): away()").error
    assert "(line 2 of away)" in error
