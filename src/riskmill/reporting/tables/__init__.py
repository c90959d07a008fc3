"""
The tables of the report: one declaration for CSV, XLSX and the printed page.

A `Report` enters and named tables leave, their columns typed, with unit and sign. A figure is
never made here, and nothing is ever left out but by naming how many rows a page prints.
"""
