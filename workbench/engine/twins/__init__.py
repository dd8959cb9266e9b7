"""The kernels in plain torch: what those in C are tested against, and what computes where no compiler is found."""
