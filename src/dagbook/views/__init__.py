"""What is shown, as data, HTML, SVG and text."""
