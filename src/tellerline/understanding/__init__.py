"""From a customer's words to a reading: language, intents, entities, affect, flags. Also redaction at the edge."""
