"""One person as the organiser works on them: change everything, send a deputy, restore, enter over a limit."""
