"""The small models embedded in the product: what the rooms ask of them, and the adapters that run them."""
