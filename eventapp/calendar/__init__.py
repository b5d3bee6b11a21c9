"""iCal text and the public calendar files and feeds."""
