"""Exchange of rubrics with other formats."""
