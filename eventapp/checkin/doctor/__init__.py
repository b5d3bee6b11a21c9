"""What must hold at the door, for `flask doctor`."""
