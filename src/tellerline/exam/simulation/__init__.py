"""The simulator: scripted customers, a faulty bank and a crashing store, in virtual time; one seed is one run.

person (what customers do) and storm (what goes wrong) → world (the run) → law (what must be true throughout) → run
"""
