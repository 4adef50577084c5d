"""How fast the whole of it is: one module a measure, run by ``benchmarks.performance``."""
