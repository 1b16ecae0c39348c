"""What data exists: records, datasets, the spectrum, licences, harvest runs, search, registering, publishing."""
