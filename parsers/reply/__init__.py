"""What somebody newly wrote, apart from what he quoted and his signature."""
