"""The store: the encrypted file that holds a desk's journal and the record folded from it."""
