"""What a guest agreed to and has not answered yet: shown on their own page; a consent is withdrawn there."""
