"""
Checks of market data, a module each: what is odd in data that is used.

A delivery's quotes and histories enter, warnings leave. No check changes a value or takes
one out; whether a warning refuses the batch is its policy's to say.
"""
