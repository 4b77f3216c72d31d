// What checks of this family share would lie here, had it any.
