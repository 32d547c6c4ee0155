"""Native codecs in helper processes, and the bounded memory of decoded frames."""
