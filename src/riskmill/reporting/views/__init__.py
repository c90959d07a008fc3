"""
What is shown: a run's result becomes rows, figures with their text, and sentences.

A `RiskResult` enters and one frozen view a section leaves, each holding both the raw
value and the printed text of every figure. No markup, colour or layout is ever
decided here.
"""
