"""Public fakes: ports of the product kept in memory, for tests, exams and simulations."""
