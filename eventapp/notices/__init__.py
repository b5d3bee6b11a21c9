"""Legal notice, privacy notice and accessibility declaration: texts and versions."""
