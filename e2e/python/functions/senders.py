"""Custom senders as their authors write them: AWS's own SDK decrypts the code. For want of a mail service it goes into a file."""

import base64
import json
import os

import aws_encryption_sdk
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import (
    AesWrappingAlg, CreateMultiKeyringInput, CreateRawAesKeyringInput,
)
from aws_encryption_sdk import CommitmentPolicy

providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)


def raw(key):
    return providers.create_raw_aes_keyring(input=CreateRawAesKeyringInput(
        key_namespace=key["namespace"],
        key_name=key["name"],
        wrapping_key=base64.b64decode(key["key"]),
        wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
    ))


with open(os.environ["KEY_FILE"]) as file:
    keyring = providers.create_multi_keyring(input=CreateMultiKeyringInput(
        child_keyrings=[raw(key) for key in json.load(file)["keys"]],
    ))


def handler(event, context):
    request = event["request"]
    if request["clientMetadata"] == {"post": "closed"} and not os.path.exists(os.environ["OPEN"]):
        raise ConnectionError("the post office is closed")
    plaintext, header = client.decrypt(source=base64.b64decode(request["code"]), keyring=keyring)
    assert header.encryption_context["userpool-id"] == event["userPoolId"]
    with open(os.environ["SENT"], "a") as sent:
        print(json.dumps({"source": event["triggerSource"], "code": plaintext.decode(), "to": request["userAttributes"]}), file=sent)
