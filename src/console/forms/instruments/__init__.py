"""What an instrument adds to a form: its published key as data, how it is recognized, and what it scores."""
