"""The way to sharing: proposed uses and their register, candidates and their screening, where parties differ."""
