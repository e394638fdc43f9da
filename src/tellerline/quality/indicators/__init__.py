"""The indicators, by what they look at: wording, what a sentence does, and what the record says happened."""
