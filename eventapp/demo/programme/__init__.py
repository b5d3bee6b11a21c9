"""The programme of the reference event: rooms, agenda, people on the stage, partners, categories."""
