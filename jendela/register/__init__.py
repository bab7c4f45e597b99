"""The canonical register: source records by version, the facts they agree on, the rows that wait."""
