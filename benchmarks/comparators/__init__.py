"""Services that do what Hilum's request does, in other frameworks and an environment of their own.

Decode the upload at full size, find the lungs, read the box around them for pneumonia, and answer
in JSON, with ONNX Runtime: one process a core, one thread each, no screening and no evidence.
"""
