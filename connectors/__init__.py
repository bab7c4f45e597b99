"""Transports to the agencies' own systems, offered through the entry-point group `jendela.connectors`."""
