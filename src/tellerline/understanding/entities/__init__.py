"""Values in a message: amounts, days, numbers, names, products, places."""
