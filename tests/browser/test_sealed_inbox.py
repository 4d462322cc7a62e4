"""A sealed inbox in the browser: from the key to an export that the age tool opens."""

import base64
import csv
import os
import pty
import re
import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from home.exports.spreadsheets import FORMULA, guarded
from home.models import ContactMessage, ContactPage, InboxKey, MessageNote
from home.sealing.files import seal
from tests.support.sealing import ENCRYPTED, PASSPHRASE, PUBLIC, make_key, send, unseal

pytestmark = pytest.mark.browser

NEW, NEWEST = "harbor pencil mosaic thunder", "copper meadow violin saturn"
WORDS = '=Grand Avenue, "twice",\nand é 🌙'
# Deriving a key from a passphrase takes seconds, and longer on a busy machine.
PATIENCE = 90_000
# Reports violations of the Content-Security-Policy.
WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP", event.violatedDirective),
);
"""


@pytest.fixture
def windows(browser, admin, django_user_model):
    """Return a function that opens a window in which somebody has signed in. There must be no error in it."""
    errors = []
    django_user_model.objects.create_superuser("administrators", password=admin.PASSWORD)

    def window(group, **options):
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.text.startswith("CSP") else None)
        admin.sign_in(page, group)
        return page

    yield window
    assert errors == []


def open_key_screen(page, admin):
    page.goto(f"{admin.url}/admin/messages/key/")


def make_key_in(page, passphrase, button):
    """Make a key on the screen, and return the file that was saved."""
    form = page.locator("[data-make]")
    form.get_by_label("New passphrase", exact=True).fill(passphrase)
    form.get_by_label("New passphrase again").fill(passphrase)
    form.get_by_role("button", name="Make the key").click()
    with page.expect_download() as download:
        form.get_by_role("button", name="Save the key file").click()
    # Without the promise that the key was saved, nothing is sent.
    form.get_by_role("button", name=button).click()
    expect(form.get_by_role("button", name=button)).to_be_visible()
    form.get_by_label("I have saved or printed the key").check()
    form.get_by_role("button", name=button).click()
    page.get_by_text(re.compile("The (inbox was sealed|key of the inbox was replaced)\\.")).first.wait_for()
    return download.value.path().read_text()


def derive_fast(route):
    """Let the keys that a window makes open at once."""
    script = route.fetch()
    slow = "scryptWorkFactor=18"
    assert script.text().count(slow) == 1
    fast = script.text().replace(slow, "scryptWorkFactor=2")
    route.fulfill(response=script, body=fast, headers=script.headers | {"cache-control": "no-store"})


def work_factor(key_file):
    """Return how much work each guess at the passphrase is, as a power of two."""
    content = base64.b64decode("".join(key_file.strip().splitlines()[1:-1]))
    return int(re.match(rb"age-encryption.org/v1\n-> scrypt \S+ (\d+)\n", content)[1])


def write_without_script(browser, admin, words):
    visitor = browser.new_context(java_script_enabled=False).new_page()
    visitor.goto(ContactPage.objects.get().full_url)
    visitor.locator("[name=your_message]").fill(words)
    time.sleep(3.5)  # The form takes nothing that was written faster.
    visitor.get_by_role("button", name="Send the message").click()
    visitor.wait_for_url("**/thanks/")
    assert visitor.context.cookies() == []


def unlock(page, passphrase):
    page.get_by_label("Passphrase of the inbox").fill(passphrase)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Lock", exact=True).wait_for()


def download(page, button):
    with page.expect_download() as started:
        page.get_by_role("button", name=button).click()
    return started.value.path().read_bytes()


def open_with_age(folder, key, file, passphrase):
    """Return what the age tool makes of a file. It asks for the passphrase on a terminal only."""
    (folder / "inbox-key.txt").write_text(key)
    (folder / "messages.csv.age").write_bytes(file)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvp("age", ["age", "-d", "-i", "inbox-key.txt", "-o", "messages.csv", "messages.csv.age"])
    said = b""
    while b"passphrase" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, passphrase.encode() + b"\n")
    assert os.waitpid(pid, 0)[1] == 0
    return (folder / "messages.csv").read_bytes()


def test_no_form_of_the_key_is_sent_before_its_script_has_loaded(admin, windows):
    page = windows("Administrators")
    page.route("**/inbox_key*.js", lambda route: route.abort())
    open_key_screen(page, admin)
    expect(page.get_by_role("button", name="Make the key")).to_be_disabled()


def test_an_inbox_is_sealed_read_exported_and_given_another_passphrase_and_key(browser, admin, windows):
    administrator = windows("Administrators")
    administrator.route("**/age*.js", derive_fast)
    administrator.get_by_role("link", name="Seal the inbox").first.click()
    expect(administrator.get_by_text("If the passphrase is lost, the messages are lost.")).to_be_visible()
    key_file = make_key_in(administrator, PASSPHRASE, "Seal the inbox")
    assert InboxKey.objects.get().private == key_file
    assert work_factor(key_file) == 2
    write_without_script(browser, admin, WORDS)
    message = ContactMessage.objects.get()
    assert message.form_data == {}
    assert "Grand" not in message.sealed

    moderator = windows("Moderators")
    moderator.goto(f"{admin.url}/admin/messages/")
    moderator.get_by_label("Passphrase of the inbox").fill("something else")
    moderator.get_by_role("button", name="Unlock").click()
    moderator.get_by_text("This is not the passphrase.").wait_for()
    unlock(moderator, PASSPHRASE)
    moderator.get_by_role("link", name="Grand Avenue").click()
    expect(moderator.locator("dd").first).to_have_text(WORDS)
    moderator.get_by_label("Add a note").fill("Call back on Monday.")
    moderator.get_by_role("button", name="Add the note").click()
    moderator.locator(".lw-note p", has_text="Call back on Monday.").wait_for()
    assert "Monday" not in MessageNote.objects.get().text

    moderator.goto(f"{admin.url}/admin/messages/")
    moderator.get_by_text("Download a spreadsheet").click()
    expect(moderator.get_by_text("A spreadsheet is not encrypted")).to_be_visible()
    text = download(moderator, "Download CSV").decode("utf-8-sig")
    headings, row = csv.reader(text.splitlines(keepends=True))
    assert headings[-1] == "Notes"
    assert row[3].replace("\r\n", "\n") == guarded(WORDS)
    assert row[-1] == "Call back on Monday."
    open_key_screen(administrator, admin)
    form = administrator.locator("[data-change]")
    form.get_by_label("New passphrase", exact=True).fill(NEW)
    form.get_by_label("New passphrase again").fill(NEW)
    form.get_by_label("Current passphrase").fill("something else")
    form.get_by_role("button", name="Change the passphrase").click()
    form.get_by_text("This is not the passphrase.").wait_for()
    expect(form.get_by_label("Current passphrase")).to_be_focused()
    form.get_by_label("Current passphrase").fill(PASSPHRASE)
    form.get_by_role("button", name="Change the passphrase").click()
    administrator.get_by_text("The passphrase of the inbox was changed.").first.wait_for()
    # From now on as for everybody.
    administrator.unroute_all(behavior="wait")
    administrator.reload()
    assert work_factor(make_key_in(administrator, NEWEST, "Use the new key")) == 18
    assert InboxKey.objects.count() == 2
    administrator.get_by_label("Earlier passphrase").fill(NEW)
    administrator.get_by_role("button", name="Seal with the current key").click()
    expect(administrator.get_by_label("Earlier passphrase")).to_have_count(0)
    assert InboxKey.objects.count() == 1

    moderator.goto(f"{admin.url}/admin/messages/{message.pk}/")
    unlock(moderator, NEWEST)
    expect(moderator.locator("dd").first).to_have_text(WORDS)
    moderator.locator(".lw-note p", has_text="Call back on Monday.").wait_for()


@pytest.fixture
def message(admin):
    make_key()
    return send(ContactPage.objects.get(), WORDS)


@pytest.mark.skipif(not shutil.which("age"), reason="age is not installed (apt-get install age)")
def test_the_age_tool_opens_an_export_with_the_key_file(admin, windows, message, tmp_path):
    page = windows("Moderators")
    page.goto(f"{admin.url}/admin/messages/")
    unlock(page, PASSPHRASE)
    encrypted = download(page, "Download an encrypted file")
    assert b"Grand" not in encrypted
    opened = open_with_age(tmp_path, ENCRYPTED, encrypted, PASSPHRASE).decode("utf-8-sig")
    _headings, row = csv.reader(opened.splitlines(keepends=True))
    assert row[3] == guarded(WORDS)


def test_an_opened_inbox_stays_in_its_tab_until_it_is_locked_or_the_user_signs_out(admin, windows, message):
    page = windows("Moderators")
    page.goto(f"{admin.url}/admin/messages/")
    unlock(page, PASSPHRASE)
    text = page.get_by_text("Grand Avenue")
    page.reload()
    expect(text).to_be_visible()
    stored = page.evaluate("JSON.stringify([Object.values(sessionStorage), Object.values(localStorage)])")
    assert "SECRET" not in stored
    other = page.context.new_page()
    other.goto(f"{admin.url}/admin/messages/")
    expect(other.get_by_label("Passphrase of the inbox")).to_be_visible()
    expect(other.get_by_text("Grand Avenue")).to_have_count(0)

    page.get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_label("Passphrase of the inbox")).to_be_visible()
    expect(text).to_have_count(0)

    unlock(page, PASSPHRASE)
    copied = page.evaluate("JSON.stringify({...sessionStorage})")
    other.context.clear_cookies()
    other.goto(f"{admin.url}/admin/login/")
    expect(text).to_have_count(0)
    admin.sign_in(page, "Moderators")
    # What the tab kept opens nothing in another session.
    page.evaluate("(copied) => Object.assign(sessionStorage, JSON.parse(copied))", copied)
    page.goto(f"{admin.url}/admin/messages/")
    expect(page.get_by_label("Passphrase of the inbox")).to_be_visible()
    expect(text).to_have_count(0)


def test_an_opened_inbox_that_nobody_uses_is_locked_after_15_minutes(admin, windows, message):
    page = windows("Moderators")
    page.clock.install()
    page.goto(f"{admin.url}/admin/messages/{message.pk}/")
    unlock(page, PASSPHRASE)
    words, field = page.get_by_text("Grand Avenue"), page.get_by_label("Passphrase of the inbox")
    note = page.get_by_label("Add a note")
    # Each use begins the time anew.
    page.clock.fast_forward("14:00")
    note.fill("Call back on Monday.")
    note.press("End")
    page.clock.fast_forward("14:00")
    expect(words).to_be_visible()
    page.clock.fast_forward("01:30")
    expect(field).to_be_visible()
    expect(words).to_have_count(0)
    expect(note).to_be_hidden()
    expect(note).to_have_value("")
    stored = page.evaluate("JSON.stringify({...sessionStorage})")
    assert "Monday" not in stored
    assert "inbox-keys" not in stored
    # What was being typed is there again.
    unlock(page, PASSPHRASE)
    expect(note).to_have_value("Call back on Monday.")
    # A tab that was closed, and is restored after a while.
    page.evaluate("sessionStorage.setItem('inbox-used', Date.now() - 16 * 60_000)")
    page.reload()
    expect(field).to_be_visible()
    page.reload()
    expect(field).to_be_visible()
    expect(words).to_have_count(0)


def test_an_earlier_screen_that_the_browser_kept_does_not_show_a_locked_inbox(admin, windows, message):
    page = windows("Moderators")
    page.goto(f"{admin.url}/admin/messages/")
    unlock(page, PASSPHRASE)
    expect(page.get_by_text("Grand Avenue")).to_be_visible()
    page.evaluate("sessionStorage.removeItem('inbox-keys')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_label("Passphrase of the inbox")).to_be_visible()
    expect(page.get_by_text("Grand Avenue")).to_have_count(0)


def test_no_form_sends_a_passphrase(admin, windows, message):
    page = windows("Administrators")
    InboxKey.objects.create(public=PUBLIC, private=ENCRYPTED)
    for address in ("/admin/messages/", "/admin/messages/key/"):
        page.goto(f"{admin.url}{address}")
        fields = page.locator("[type=password]")
        assert fields.count() >= 1
        assert [field.get_attribute("name") for field in fields.all()] == [None] * fields.count()


def test_a_note_that_could_not_be_saved_stays_on_the_screen(admin, windows, message):
    page = windows("Moderators")
    page.goto(f"{admin.url}/admin/messages/{message.pk}/")
    unlock(page, PASSPHRASE)
    page.context.clear_cookies()
    page.get_by_label("Add a note").fill("Call back on Monday.")
    page.get_by_role("button", name="Add the note").click()
    page.get_by_text("The note was not saved.").wait_for()
    expect(page.get_by_label("Add a note")).to_have_value("Call back on Monday.")
    assert not MessageNote.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("short", "short", "too easy to guess"),
        ("a" * 30, "a" * 30, "too easy to guess"),
        (PASSPHRASE, NEW, "The two passphrases are different."),
    ],
)
def test_a_weak_or_mistyped_passphrase_is_refused(admin, windows, first, second, words):
    page = windows("Administrators")
    open_key_screen(page, admin)
    page.get_by_label("New passphrase", exact=True).fill(first)
    page.get_by_label("New passphrase again").fill(second)
    page.get_by_role("button", name="Make the key").click()
    # Below the field, in red.
    page.locator("input + output.lw-wrong", has_text=words).wait_for()
    assert not InboxKey.objects.exists()


def test_sealing_with_a_new_key_goes_on_where_it_stopped(admin, windows):
    key = make_key()
    page = ContactPage.objects.get()
    messages = [send(page, f"Message {number}") for number in range(25)]
    MessageNote.objects.create(message=messages[0], text=seal("Monday", PUBLIC), key=key)
    # The same key again, so that the test can open what the browser seals.
    InboxKey.objects.create(public=PUBLIC, private=ENCRYPTED)
    window = windows("Administrators")
    open_key_screen(window, admin)
    posts = []

    def stop_second(route):
        posts.extend([route] if route.request.method == "POST" else [])
        (route.abort if len(posts) == 2 else route.continue_)()

    window.route("**/messages/key/earlier/**", stop_second)
    window.get_by_label("Earlier passphrase").fill(PASSPHRASE)
    window.get_by_role("button", name="Seal with the current key").click()
    window.get_by_text("This did not work.").first.wait_for()
    assert ContactMessage.objects.filter(key=key).count() == 5
    window.unroute("**/messages/key/earlier/**")
    window.reload()
    window.get_by_label("Earlier passphrase").fill(PASSPHRASE)
    window.get_by_role("button", name="Seal with the current key").click()
    expect(window.get_by_label("Earlier passphrase")).to_have_count(0)
    assert InboxKey.objects.count() == 1
    for before in messages:
        after = ContactMessage.objects.get(pk=before.pk)
        assert after.sealed != before.sealed
        assert unseal(after.sealed) == unseal(before.sealed)
    assert unseal(MessageNote.objects.get().text) == "Monday"


def test_the_browser_knows_formulas_as_the_server_does(admin, windows, message):
    page = windows("Moderators")
    page.goto(f"{admin.url}/admin/messages/")
    texts = [
        "=1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\r",
        "'=1",
        "''\n",
        " =1",
        "＝1",
        "\u200b=1",
        "1=1",
        "",
        "x",
        "'x",
        "a\n=1",
    ]
    pattern = page.locator("[data-inbox]").get_attribute("data-formula")
    found = page.evaluate(
        "([pattern, texts]) => texts.map((text) => new RegExp(`^(?:${pattern})`).test(text))",
        [pattern, texts],
    )
    assert found == [bool(FORMULA.match(text)) for text in texts]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_no_violations_on_the_screens_of_a_sealed_inbox(admin, windows, message, width, scheme):
    page = windows("Administrators", color_scheme=scheme, viewport={"width": width, "height": 800})

    def check():
        page.mouse.move(0, 0)
        found = Axe().run(page, {"exclude": [["[data-sidebar]"], ["#wagtail-sidebar"]]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto(f"{admin.url}/admin/messages/")
    check()
    unlock(page, PASSPHRASE)
    page.get_by_text("Download a spreadsheet").click()
    check()
    page.goto(f"{admin.url}/admin/messages/{message.pk}/")
    page.get_by_label("Add a note").wait_for()
    check()
    for _ in range(2):
        open_key_screen(page, admin)
        check()
        call_command("delete_old_messages")
        InboxKey.objects.create(public=PUBLIC, private=ENCRYPTED)
    ContactMessage.objects.all().delete()
    InboxKey.objects.all().delete()
    open_key_screen(page, admin)
    check()
    assert re.search("Seal the inbox", page.title())
