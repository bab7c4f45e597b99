"""Why two records are one person or not, in words: field by field, against everybody else it could be."""
