"""Our figures beside the floor or a peer, in the same run. `python3 dev.py bench` lists them."""
