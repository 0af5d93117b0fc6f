"""Whether answers, or a response from elsewhere, satisfy the form."""
