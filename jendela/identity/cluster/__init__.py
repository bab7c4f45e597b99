"""From judged pairs to persons: components of links, divided where evidence inside speaks against one."""
