"""One list of suppliers, matched between the council, its ledger and public registers."""
