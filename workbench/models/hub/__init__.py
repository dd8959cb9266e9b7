"""Models of the hub: what one consists of, how it is downloaded, and where it lies then."""
