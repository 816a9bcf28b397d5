import os


def dies():
    os._exit(3)


def dies_mended():
    return 3
