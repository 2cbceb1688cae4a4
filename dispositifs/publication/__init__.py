"""What anonymous readers may see of fiches and documents. Nothing else answers them."""
