"""Who may be insured, documents, the decision."""
