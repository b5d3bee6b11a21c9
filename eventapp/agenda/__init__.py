"""Agenda items, rooms, speakers and partners."""
