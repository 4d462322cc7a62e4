"""
`deploy/install` puts nginx in front of the site, and gets a certificate by certbot, or says why not.

It runs as on a real machine, in namespaces in which only a copy of this machine's files changes. Debian's
packages and systemd are stand-ins. So is certbot: it asks nginx for the challenge as Let's Encrypt would, and
makes a certificate that it signs itself.
"""

import os
import shutil
import subprocess

import pytest

from tests.support.copies import ROOT
from tests.support.processes import children_of
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="not root"),
    pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx"),
    pytest.mark.skipif(not shutil.which("curl"), reason="no curl"),
]

NAME = "leadwatch.example.org"
# The site itself is a stand-in, too, and its code is there already.
MACHINE = f"""
set -e
umask 022
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
for folder in etc srv var usr/local; do
    mkdir -p /mnt/$folder /mnt/work/$folder
    mount -t overlay overlay -o lowerdir=/$folder,upperdir=/mnt/$folder,workdir=/mnt/work/$folder /$folder
done
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /srv/leadwatch/releases/this
cp -r {ROOT}/deploy /srv/leadwatch/releases/this/
ln -s releases/this /srv/leadwatch/current
ip link set lo up
echo "127.0.0.1 {NAME}" >>/etc/hosts
touch /run/ready
exec python3 -c '
from http.server import *
class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the site")
HTTPServer(("127.0.0.1", 8000), Site).serve_forever()
'
"""
NOTHING = "#!/bin/sh\n"
SYSTEMCTL = """#!/bin/sh
case "$*" in *nginx) nginx -s reload 2>/dev/null || nginx ;; esac
"""
CERTBOT = """#!/bin/bash
set -e
echo "$@" >>/var/certbot-calls
if [ -e /var/certbot-fails ]; then cat /var/certbot-fails >&2 && exit 1; fi
if [ "$1" = renew ]; then
    set -- $(cat /etc/letsencrypt/words) --deploy-hook "$(cat /etc/letsencrypt/hook)"
fi
while [ $# -gt 0 ]; do
    case $1 in
        --webroot-path) webroot=$2 ;;
        --domain) name=$2 ;;
        --deploy-hook) hook=$2 ;;
    esac
    shift
done
mkdir -p "$webroot/.well-known/acme-challenge"
echo yes >"$webroot/.well-known/acme-challenge/token"
[ "$(curl --silent "http://$name/.well-known/acme-challenge/token")" = yes ]
folder=/etc/letsencrypt/live/$name
mkdir -p "$folder"
echo "--webroot-path $webroot --domain $name" >/etc/letsencrypt/words
echo "$hook" >/etc/letsencrypt/hook
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \\
    -subj "/CN=certificate $(wc -l </var/certbot-calls)" \\
    -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
sh -c "$hook"
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a command on the machine, and returns its status and output."""
    stand_ins = {"apt-get": NOTHING, "dpkg": NOTHING, "systemctl": SYSTEMCTL, "certbot": CERTBOT}
    for name, script in stand_ins.items():
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(0o755)
    spaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    holder = subprocess.Popen([*spaces, "bash", "-c", MACHINE], stderr=subprocess.DEVNULL)

    def run(*words):
        (inside,) = children_of(holder.pid)
        enter = ["nsenter", f"--target={inside}", "--mount", "--net", "--pid"]
        environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        ended = subprocess.run([*enter, *words], capture_output=True, text=True, env=environment)
        return ended.returncode, ended.stdout + ended.stderr

    def is_ready():
        return holder.poll() is not None or (children_of(holder.pid) and run("ls", "/run/ready")[0] == 0)

    wait_until(is_ready)
    if holder.poll() is not None:
        pytest.skip("Namespaces or mounting are not allowed here.")
    yield run
    # Whatever runs in the namespaces ends, too.
    holder.kill()
    holder.wait()


def certificate(run):
    """Return the name of the certificate that visitors get."""
    ask = f"openssl s_client -connect {NAME}:443 -servername {NAME} </dev/null 2>/dev/null"
    _status, said = run("sh", "-c", f"{ask} | openssl x509 -noout -subject")
    return said.partition("CN = ")[2].strip()


def test_the_site_gets_a_certificate_or_the_reason_and_keeps_running(run):
    install = [ROOT / "deploy" / "install", NAME]
    run("sh", "-c", "echo 'Detail: too many certificates already issued' >/var/certbot-fails")
    status, said = run(*install)
    assert status == 1
    assert "Detail: too many certificates" in said
    assert said.strip().endswith("Run this command again when that is mended.")
    assert certificate(run) == NAME
    assert run("curl", "--silent", "--insecure", f"https://{NAME}/") == (0, "the site")

    run("rm", "/var/certbot-fails")
    status, said = run(*install)
    assert (status, "The site is at" in said) == (0, True), said
    # nginx has answered the script before its new processes serve.
    wait_until(lambda: certificate(run) == "certificate 2")
    status, said = run(*install)
    assert (status, "Nothing was changed" in said) == (0, True), said
    # As Debian's timer does it.
    status, said = run("certbot", "renew")
    assert status == 0, said
    wait_until(lambda: certificate(run) == "certificate 3")
    assert run("curl", "--silent", "--insecure", f"https://{NAME}/") == (0, "the site")


def test_what_nginx_refuses_is_tried_again(run):
    install = [ROOT / "deploy" / "install", NAME, "--self-signed"]
    run("sh", "-c", "echo 'nonsense;' >/etc/nginx/sites-enabled/other")
    status, said = run(*install)
    assert status == 1
    assert 'unknown directive "nonsense"' in said
    run("rm", "/etc/nginx/sites-enabled/other")
    status, said = run(*install)
    assert status == 0, said
    assert run("curl", "--silent", "--insecure", f"https://{NAME}/") == (0, "the site")
