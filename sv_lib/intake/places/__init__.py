"""Where things are: postcodes, ward boundaries, grid references and official deprivation."""
