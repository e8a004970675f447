"""HTTP paths of the contract."""
