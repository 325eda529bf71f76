"""Taking people, lots, tools, customers and addresses out of a corpus: found, hidden, and looked for again."""
