"""The kernels in C: built for this machine at first use, and called through ctypes."""
