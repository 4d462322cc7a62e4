"""Problems in the body of a page, for tests."""


def problems(page):
    """The paths of a page's problems by their messages."""
    return {problem.words: problem.path for problem in page.problems()}
