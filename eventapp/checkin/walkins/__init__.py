"""People at the door without a ticket: registered and let in with one request, also late."""
