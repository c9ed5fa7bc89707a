"""Hosted login by an operator's own templates: written by `poolhouse pages write`, changed, served by `--pages`."""

import subprocess

import pytest

from aws import Aws
from house import fresh, make_pool
from poolhouse import BINARY, CLEAN, Server, run
from test_looks import login_page, web_client


def sign_in_page(server, **more):
    pool = make_pool(server, Aws(server.url))
    domain = fresh("own-pages")
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=2)
    web_client(pool)
    html, _ = login_page(pool, domain, **more)
    return html


def test_what_is_written_is_changed_and_shown(tmp_path):
    pages = tmp_path / "pages"
    template, messages = pages / "sign_in.html", pages / "messages/de.toml"
    assert run("pages", "write", pages, "sign_in.html", "messages/de.toml") == f"{template}: written\n{messages}: written\n"
    with Server("dev", "--pages", str(pages)) as server:
        before = sign_in_page(server, lang="de")
    block = "{% block content %}\n"
    assert block in template.read_text()
    template.write_text(template.read_text().replace(block, f"{block}<p>Harbour staff only</p>\n"))
    messages.write_text('sign_in_title = "An Bord"\n')
    # Nothing of what was changed is written over.
    said = run("pages", "write", pages)
    assert f"{template}: left as it is, for it is there already\n" in said
    assert f"{pages / 'layout.html'}: written\n" in said
    with Server("dev", "--pages", str(pages)) as server:
        after = sign_in_page(server, lang="de")
    for own in ["<p>Harbour staff only</p>", "An Bord"]:
        assert own not in before and own in after


@pytest.mark.parametrize(("name", "sentence"), [
    ("sign_inn.html", "poolhouse: hosted login has no file sign_inn.html. It has layout.html, "),
    ("sign_in.html", "poolhouse: can't be written: "),
])
def test_what_can_not_be_written_says_why(tmp_path, name, sentence):
    (tmp_path / "file").write_text("mine")
    done = subprocess.run(
        [BINARY, "pages", "write", tmp_path / "file", name], env=CLEAN, capture_output=True, text=True, timeout=60,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(sentence)
    assert (tmp_path / "file").read_text() == "mine"
