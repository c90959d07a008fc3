"""Files of the Open Source Risk Engine: portfolios, scenarios and fixings."""
