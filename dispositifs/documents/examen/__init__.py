"""What a PDF or an office file holds inside, asked of a process that its limits may kill.

`processus` runs apart and is given files by `appel`; `pdf`, `archives` and `bureautique` look into
them. They import nothing of the site but the sentences of refusals.
"""
