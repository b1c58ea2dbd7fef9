"""The commands of `aiguilleur`, one a file: `add_arguments(parser)` and `run(arguments, app) -> exit status`."""
