"""What suppliers report each quarter: return forms and exports of a council's portal."""
