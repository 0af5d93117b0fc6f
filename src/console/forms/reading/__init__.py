"""From an untrusted document to a :class:`~console.forms.model.Questionnaire`, or the reason why not."""
