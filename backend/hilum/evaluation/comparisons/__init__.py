"""A model beside other models, and beside people."""
