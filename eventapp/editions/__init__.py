"""Use cases over all of these: public event page, create, copy, publish, call off."""
