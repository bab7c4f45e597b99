"""The third step of a night: rows judged by their contract, batches judged by their measures."""
