"""`python -m jendela` is `jendela`."""

from jendela.cli import main

main()
