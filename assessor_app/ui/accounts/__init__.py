"""The accounts on this computer: choosing, adding, naming and leaving them."""
