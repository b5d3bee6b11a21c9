"""The door as an app on the phone: what the browser keeps so that the scanner opens without network."""
