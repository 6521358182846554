"""The files that go with the reports: data tables, workbooks, manifest, RO-Crate, return forms."""
