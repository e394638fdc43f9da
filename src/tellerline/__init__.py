"""Tellerline: the customer-service counter of a bank."""
