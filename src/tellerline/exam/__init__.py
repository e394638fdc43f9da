"""The ability exam: conversations written as data, held with the real counter, and judged by structure."""
