"""A workflow as a picture: its tiers as rows, its states as boxes, its steps as arrows. Pure geometry, then SVG."""
