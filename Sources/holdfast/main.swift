import HoldfastApp

f()
