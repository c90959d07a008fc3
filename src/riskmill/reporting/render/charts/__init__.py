"""
Charts as SVG of our own: small, accessible, drawn by class so that CSS colours them.

Views and plain numbers enter and markup leaves. No figure is ever made here: the
arithmetic is geometry, and the only numbers printed are axis ticks and texts of the
model.
"""
