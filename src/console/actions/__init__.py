"""One verb per thing a person does: checks permission, appends entries, returns the changes."""
