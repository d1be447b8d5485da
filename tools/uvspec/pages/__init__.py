"""Reference pages, from the specification alone: HTML to read and search, man pages for the terminal.

    book.py      what refers to what: where each name stands, which clauses and tests speak of it
    words.py     conditions, returns and effects of outcome tables in words
    machine.py   states and transitions of a handle kind, from the outcome tables
    diagram.py   a state machine as SVG
    html.py      the pages; templates/ has their frame
    man.py       the manual pages, in mdoc
    write.py     all of it below one folder
"""
