import multiprocessing


def nothing():
    pass


first = multiprocessing.get_context("spawn").Process(target=nothing)
first.start()
first.join()
