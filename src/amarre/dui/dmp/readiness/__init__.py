"""« Prêt pour le DMP ? »: the points an establishment and a person need, judged once for page and deposit."""
