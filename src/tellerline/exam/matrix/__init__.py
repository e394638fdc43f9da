"""The matrix: every flow × every dialogue case × both languages, each cell a conversation made from the flow's data.

shape (what a flow's data offers) → scout (ways to each of its questions) → cases (what the customer does there, and
what must come of it) → run → report, page
"""
