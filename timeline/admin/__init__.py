"""What the timeline adds to the editors' desk."""
