"""Read what a template declares, with its intrinsic functions, before the deploy."""
