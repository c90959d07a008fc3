"""
The datasets of a batch, a module each: what a file must hold and what it turns into.

An opened file of text enters, a staged file leaves. No module knows another's
dataset; what must agree between files is checked when the batch is reconciled.
"""
