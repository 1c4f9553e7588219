"""Office files: records and catalogues as XLSX and CSV, in and out, and templates to fill."""
