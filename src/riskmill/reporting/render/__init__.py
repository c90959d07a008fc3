"""
How it looks: the report model becomes bytes in one format.

A `Report` enters, or the P&L vectors, and HTML, PDF, XLSX, CSV, JSON or Parquet leaves, the
same bytes for the same model. No figure is ever computed here; the only arithmetic is
the geometry of charts.
"""
