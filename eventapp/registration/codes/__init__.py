"""Access codes: printed words that open a category which guests cannot choose otherwise."""
