"""Full text: how words are read, what each organisation may find a ticket by, and the index of both databases."""
