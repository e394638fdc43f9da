"""The bank's procedures as data: their form, how they are loaded and checked, and how one is run step by step."""
