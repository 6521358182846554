"""Files in: every row read is used, excluded with a reason, or set aside with a finding."""
