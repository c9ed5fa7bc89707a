"""Terraform with AWS's provider: apply, an empty second plan, destroy. Skipped where either is not installed."""

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from aws import refused
from poolhouse import CLEAN, ROOT, http

# Where a machine may keep providers, as folders laid out like Terraform's local mirrors.
MIRRORS = ["/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins", "~/.terraform.d/plugins", "/opt/*"]


def mirror():
    for place in MIRRORS:
        for found in glob.glob(os.path.expanduser(f"{place}/*/hashicorp/aws")):
            return Path(found).parents[2]
    return None


pytestmark = [
    pytest.mark.skipif(not shutil.which("terraform"), reason="Terraform is not installed"),
    pytest.mark.skipif(mirror() is None, reason="Terraform's AWS provider is not on this machine"),
    # The provider is large and slow to start.
    pytest.mark.timeout(600),
]


@pytest.fixture
def terraform(request, server, tmp_path):
    """Runs Terraform on one file of e2e/terraform: main.tf unless the test names another."""
    for name in ("provider.tf", getattr(request, "param", "main.tf")):
        shutil.copy(ROOT / "e2e/terraform" / name, tmp_path)
    settings = tmp_path / "settings.tfrc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror()}" }}\n}}\n')
    env = CLEAN | {
        "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
        "TF_VAR_endpoint": server.url, "AWS_EC2_METADATA_DISABLED": "true",
        # Terraform links to the mirror's binary instead of copying it when this folder is on the same disk.
        "TF_DATA_DIR": str(tmp_path / "state"),
    }

    def run(*arguments, ends=0):
        done = subprocess.run(
            ["terraform", f"-chdir={tmp_path}", *arguments, "-no-color"], env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        assert done.returncode == ends, done.stdout
        return done.stdout

    return run


def test_terraform_builds_and_keeps_the_house(terraform, aws):
    terraform("init", "-input=false")
    applied = terraform("apply", "-auto-approve", "-input=false")
    assert "Apply complete!" in applied
    # Exit code 2 would be a difference.
    assert "No changes." in terraform("plan", "-detailed-exitcode", "-input=false")

    out = lambda name: terraform("output", "-raw", name).strip()
    pool_id, identity_pool, bucket = out("user_pool"), out("identity_pool"), out("bucket")
    described = aws.idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert described["Name"] == "terraform" and described["AutoVerifiedAttributes"] == ["email"]
    groups = aws.idp.list_groups(UserPoolId=pool_id)["Groups"]
    assert [(group["GroupName"], group["Precedence"]) for group in groups] == [("editors", 1)]
    roles = aws.identity.get_identity_pool_roles(IdentityPoolId=identity_pool)["Roles"]
    assert set(roles) == {"authenticated", "unauthenticated"}
    assert aws.anonymous_s3.get_object(Bucket=bucket, Key="index.html")["Body"].read() == b"<p>terraform"

    assert "Destroy complete!" in terraform("destroy", "-auto-approve", "-input=false")
    with refused("ResourceNotFoundException"):
        aws.idp.describe_user_pool(UserPoolId=pool_id)
    with refused("404"):
        aws.s3.head_bucket(Bucket=bucket)


@pytest.mark.parametrize("terraform", ["settings.tf"], indirect=True)
def test_every_setting_comes_back_as_it_was_given(terraform, server):
    terraform("init", "-input=false")
    # The second changes one member of a pool that keeps some settings, and must change no other.
    for protection in ("INACTIVE", "ACTIVE", "INACTIVE"):
        setting = f"-var=protection={protection}"
        assert "Apply complete!" in terraform("apply", "-auto-approve", "-input=false", setting)
        assert "No changes." in terraform("plan", "-detailed-exitcode", "-input=false", setting)
    # The provider knew the sentence.
    assert "InvalidSmsRoleAccessPolicyException" in server.output
    assert "Destroy complete!" in terraform("destroy", "-auto-approve", "-input=false")


@pytest.mark.parametrize("terraform", ["looks.tf"], indirect=True)
def test_looks_come_back_as_they_were_given_and_are_seen(terraform, server):
    terraform("init", "-input=false")
    for color in ("#112233", "red"):
        setting = f"-var=color={color}"
        assert "Apply complete!" in terraform("apply", "-auto-approve", "-input=false", setting)
        assert "No changes." in terraform("plan", "-detailed-exitcode", "-input=false", setting)
        with http(server.url + terraform("output", "-raw", "login").strip()) as page:
            sheet = re.search(r'href="(/_login/terraform-looks/styles/[^"]+)"', page.read().decode())[1]
        with http(server.url + sheet) as css:
            assert css.read().decode() == f".submitButton-customizable:hover{{background-color:{color}}}\n"
    assert "Destroy complete!" in terraform("destroy", "-auto-approve", "-input=false")
