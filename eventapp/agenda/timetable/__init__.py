"""The timetable of the editor: rooms side by side, clashes in words."""
