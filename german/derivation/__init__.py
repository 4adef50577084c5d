"""Which words are of one family: ``Festnahme``, ``festnehmen``, ``festgenommen``."""
