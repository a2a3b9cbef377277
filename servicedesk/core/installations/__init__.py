"""An installation as data: read from TOML, checked, compared."""
