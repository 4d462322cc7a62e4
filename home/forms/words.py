"""Words in another language for each of a few things, such as the groups of a figure."""

from django import forms
from django.db.models import JSONField
from django.template.loader import render_to_string
from wagtail.admin.compare import TextFieldComparison, register_comparison_class


class WordsInput(forms.MultiWidget):
    """A field for each thing, below its name."""

    class Media:
        css = {"all": ["site_admin/translation.css"]}

    def __init__(self, things, length, language=None):
        """
        :param things: their keys and names, and the language of the words: {key: (name, code)}.
        :param language: the code of the language of the names, if it isn't the editor's.
        """
        self.things, self.language = things, language
        widgets = {
            key: forms.TextInput({"lang": code, "maxlength": length}) for key, (_name, code) in things.items()
        }
        super().__init__(widgets)

    def decompress(self, value):
        return [(value or {}).get(key, "") for key in self.things]

    def render(self, name, value, attrs=None, renderer=None):
        inputs = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        fields = [
            (each["attrs"]["id"], thing, widget.render(each["name"], each["value"], each["attrs"], renderer))
            for each, (thing, _code), widget in zip(inputs, self.things.values(), self.widgets, strict=True)
        ]
        return render_to_string("home/admin/words.html", {"fields": fields, "language": self.language})


class WordsField(forms.MultiValueField):
    """Its value has the words by key: {"Downtown": "El centro"}. Things without words are left out."""

    def __init__(self, things, length, language=None, **kwargs):
        widget = WordsInput(things, length, language)
        fields = [forms.CharField(max_length=length, required=False) for _thing in things]
        super().__init__(fields, widget=widget, required=False, **kwargs)

    def compress(self, words):
        return {key: each for key, each in zip(self.widget.things, words, strict=False) if each}


class WordsComparison(TextFieldComparison):
    """Shows reviewers a line for each thing."""

    def __init__(self, *args):
        super().__init__(*args)
        self.val_a, self.val_b = (
            "\n".join(f"{key}: {words}" for key, words in (value or {}).items())
            for value in (self.val_a, self.val_b)
        )


register_comparison_class(JSONField, comparison_class=WordsComparison)
