"""FHIR Questionnaire engine: load, enable, calculate, validate, decide. Pure."""
