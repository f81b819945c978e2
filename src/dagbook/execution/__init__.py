"""Running a plan: steps, executors, what comes out of them."""
