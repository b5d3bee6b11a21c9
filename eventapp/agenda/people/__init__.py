"""Who is on the stage, who carries the event: speakers, their roles on items, partners."""
