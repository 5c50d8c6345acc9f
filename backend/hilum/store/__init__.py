"""What Hilum holds: what arrived, what was read of it, what is to be sent; it survives a crash."""
