"""The face that IPython shows: magics, names that stand for values, what cells display."""
