"""Words and rules of assessment: frozen data, no input or output."""
