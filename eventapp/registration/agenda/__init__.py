"""A guest's own agenda as a calendar feed."""
