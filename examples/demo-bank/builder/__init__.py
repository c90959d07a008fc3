"""
What the demo bank is made of: history, market, surfaces, book and manifest.

The published history enters and the text of the batch's files leaves. Nothing
here reads or writes a file, and nothing here imports riskmill: the demo tests
riskmill, so riskmill must not make it.
"""
