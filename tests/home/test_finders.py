from home.finders import squeezed


def test_visitors_do_not_load_what_only_the_authors_read():
    css = '/* Why. */\n@layer components {\n  .card {\n    color: red; /* So. */\n    content: "  a";\n  }\n\n}\n'
    assert squeezed(css) == '@layer components {\n.card {\ncolor: red;\ncontent: "  a";\n}\n}'
