"""OmniDocBench's end-to-end evaluation, number for number, without its time limits."""
