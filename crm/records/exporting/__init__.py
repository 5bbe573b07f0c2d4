"""What a list's filter shows, as a file: CSV and XLSX, written while rows are read, with what it takes to import it again."""
