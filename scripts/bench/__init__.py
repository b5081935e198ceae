"""Speed, as ratios measured in one run. `python -m scripts.bench`, see README.md."""
