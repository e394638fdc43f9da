"""Quality: how well conversations were held, by the same rubric for assistant and representatives, with evidence."""
