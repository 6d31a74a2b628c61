"""Static checks of pipelines: of the source, of compiled components and of the compiled text."""
