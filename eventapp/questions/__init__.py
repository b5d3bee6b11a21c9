"""The form builder: own questions of an event, their conditions and the answers."""
