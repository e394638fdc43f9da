"""The arithmetic of retail banking: exact, in decimals, money in minor units, each result with its working.

A working is a list of lines such as `10000.00 × 1.45% × 3 = 435.00`: figures and signs only, so that it reads the same in
every language. Rates are percent as banks quote them ("1.45" is 1.45 % a year).
"""
