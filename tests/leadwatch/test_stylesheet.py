from leadwatch.stylesheet import squeezed


def test_visitors_do_not_load_what_only_the_authors_read():
    css = '/* Why. */\n.card {\n    color: red; /* So. */\n\n    content: "  a";\n}\n'
    assert squeezed(css) == '.card {\ncolor: red;\ncontent: "  a";\n}'
