import multiprocessing


def nothing():
    pass


if __name__ == "__main__":
    first = multiprocessing.get_context("spawn").Process(target=nothing)
    first.start()
    first.join()
