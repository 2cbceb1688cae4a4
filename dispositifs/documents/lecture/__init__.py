"""What a file holds: its pages of text, what it says of itself, the image of its first page.

`processus` runs apart, under limits, and is given the files by `appel`; `lots` gives it the
documents of the database. `pdf`, `bureautique`, `tableur` and `vignettes` are its readers.
"""
