"""
The report as an Excel workbook.

The tables of a report enter and the bytes of an XLSX file leave, equal for equal reports. No
figure, formula, link or macro is ever put in but what the report has.
"""
