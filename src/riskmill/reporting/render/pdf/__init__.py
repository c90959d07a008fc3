"""
The report as a PDF that is read aloud, searched and printed.

A report enters, its texts and charts are handed to the typesetter as data, and the bytes of a
tagged PDF leave, equal for equal reports. No delivered text is ever taken for markup, and no font
of the machine is used.
"""
