"""How the sentence encoder in `tellerline/models/adapters/encoder` was made, so that it can be made again.

Nothing here is imported by the product. README.md tells the recipe; every module is one step of it.
"""
