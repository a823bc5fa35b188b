"""Mirror of the tree: each module's tests stand where the module stands."""
