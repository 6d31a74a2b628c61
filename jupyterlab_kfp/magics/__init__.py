"""The grammar of ``%kfp`` and ``%%kfp``, shared with the command line; ``extension`` is the part that needs IPython."""
