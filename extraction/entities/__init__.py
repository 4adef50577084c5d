"""From the mentions of one article to its people, organisations and places.

``names`` leads; each other module knows one thing: ``trim`` what is no name, ``labels`` which
label a name has, ``titles`` and ``roles`` what stands before a person, ``nominative`` and
``genitive`` the dictionary form, ``people``, ``organisations`` and ``acronyms`` who is who,
``aliases`` what a user lays down, ``archive`` what only the archive can tell.
"""
