"""Line drawings as SVG: timing diagrams and charts; each comes with what it shows in numbers."""
