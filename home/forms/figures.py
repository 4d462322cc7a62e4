"""The editor's form of figures."""

from home.forms.snippets import SnippetForm
from home.forms.words import WordsField


class FigureForm(SnippetForm):
    """The form of a translation has a field for the name of each group, since it has no numbers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.pop("group_words", None)
        if field and self.original and self.instance.groups:
            code = self.instance.locale.language_code
            self.fields["group_words"] = WordsField(
                {group: (group, code) for group in self.instance.groups},
                self.instance.values.model._meta.get_field("group").max_length,
                self.original.locale.language_code,
                label=field.label,
                help_text=field.help_text,
            )
