"""What a row of each dataset is made of, read off the layouts that check it."""
