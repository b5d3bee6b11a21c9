"""What the door should know about a guest: greet in person, no photos, a need in a few words."""
