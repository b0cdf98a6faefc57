"""The nouns of the JSON face, one file each; importing a file puts its endpoints up."""
