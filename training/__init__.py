"""How the shipped named-entity model is made. Nothing here is part of the installed package."""
