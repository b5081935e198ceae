"""The shell of every screen: layout, components, form rendering, error pages, French typography.

This application knows no business object: the other applications give it presenters (plain data) and
register what they add to the menu, to the tabs of a dossier and to the head of the page.
"""
