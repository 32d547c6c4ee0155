"""The demo: written questions about real images, and the whole journey with them."""
