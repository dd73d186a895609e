"""Subjects: objects of each type, and how threads use them at once."""
