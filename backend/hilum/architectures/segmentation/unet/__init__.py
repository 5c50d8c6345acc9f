"""A small residual U-Net for lungs and heart."""
