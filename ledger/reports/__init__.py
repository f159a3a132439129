"""What people see: languages, workbooks, calendars, pages."""
