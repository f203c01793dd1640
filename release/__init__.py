"""Programs for releases: checks before one, the package's metadata, and the bill of materials."""
