"""Spreadsheets: workbooks and CSV read into entries, and the workbook to fill in."""
