"""How well the indicators of quality find what people find."""
