"""
A site of stock Wagtail that does the same work as ours, to compare with. It is written as Wagtail's
documentation and demo are: nothing is cached or prefetched that they don't.
"""
