"""Maps drawn by the server: SVG that works without script, prints, and has a link on each shape."""
