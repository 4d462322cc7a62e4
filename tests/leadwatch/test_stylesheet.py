from leadwatch.stylesheet import squeezed


def test_comments_are_removed_from_the_stylesheet():
    css = '/* Why. */\n.card {\n    color: red; /* So. */\n\n    content: "  a";\n}\n'
    assert squeezed(css) == '.card {\ncolor: red;\ncontent: "  a";\n}'
