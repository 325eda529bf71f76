"""The app in which process and defect experts look at documents, and at what the encoder sees in them."""

import os

# Read when gradio is imported: no usage statistics, no version check.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
