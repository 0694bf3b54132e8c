"""Reading: files become documents, documents become passages of running text with offsets into their source."""
