"""Questions asked of the recipe: the same stage trained in several ways, with several seeds and the same compute."""
