"""The sub-commands, by what a person wants; each calls what the tasks call too."""
