"""The promises, attacked: each module is one attack, small beside the other tests and large on demand."""
