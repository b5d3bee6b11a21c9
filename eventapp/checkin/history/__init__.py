"""What people did about the door itself: links, phones, entrances, self check-in."""
