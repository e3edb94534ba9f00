"""Recipes as text: parsed with the lines of their fields, and the fields that each may hold."""
