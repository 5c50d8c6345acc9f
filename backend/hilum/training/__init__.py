"""Data sets, patient-level splits, augmentation and fitting: where bundles are made."""
