"""On what a question depends: checked between the questions of an event, told in words."""
