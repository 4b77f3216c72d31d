"""What the grader runs inside its boxes."""
