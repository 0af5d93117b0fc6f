"""A form being answered: giving answers, what a screen shows, and the answers as a QuestionnaireResponse."""
