"""Words that somebody reads later: how they will look to the learner, and how they are spelled."""
