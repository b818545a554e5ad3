"""Maps of a latent space: what a generator draws, laid out so that like lies beside like."""
