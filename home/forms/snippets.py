"""The editor's forms of snippets: figures, terms, categories."""

from home.corrections.question import ACTIONS
from home.forms.autosave import AutosavedForm
from home.translating.form import TranslationForm


class SnippetForm(AutosavedForm, TranslationForm):
    @property
    def goes_to_visitors(self):
        return any(self.data.get(action) for action in ACTIONS)
