-- IAM. Every key begins with the account. Roles, users, groups and customer managed policies are entities: `name_key` is
-- the name in lower case, because names are unique ignoring case; `doc` holds what is never searched.

CREATE TABLE iam_entities (
    account {key} NOT NULL,
    kind {key} NOT NULL,
    name_key {key} NOT NULL,
    id {key} NOT NULL,
    name {key} NOT NULL,
    path {key} NOT NULL,
    created BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (account, kind, name_key)
);
CREATE INDEX iam_entities_by_id ON iam_entities (account, id);

CREATE TABLE iam_inline_policies (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    name {key} NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, owner, name)
);

-- Customer managed policies' documents, by the policy's ARN. AWS's own are part of the program.
CREATE TABLE iam_policy_versions (
    account {key} NOT NULL,
    policy {key} NOT NULL,
    number BIGINT NOT NULL,
    is_default BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, policy, number)
);

-- `purpose` is what the policy does for its owner: `permissions` or `boundary`.
CREATE TABLE iam_attachments (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    purpose {key} NOT NULL,
    policy {key} NOT NULL,
    PRIMARY KEY (account, owner, purpose, policy)
);
CREATE INDEX iam_attachments_by_policy ON iam_attachments (account, policy, purpose, owner);

CREATE TABLE iam_memberships (
    account {key} NOT NULL,
    member {key} NOT NULL,
    group_id {key} NOT NULL,
    PRIMARY KEY (account, member, group_id)
);
CREATE INDEX iam_memberships_by_group ON iam_memberships (account, group_id, member);

-- The secret is sealed with the key's id.
CREATE TABLE iam_access_keys (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    access_key {key} NOT NULL,
    active BOOLEAN NOT NULL,
    secret {blob} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, owner, access_key)
);

-- Whose a key is, or was: the row stays when the key is deleted, so that its id never counts as unknown again.
CREATE TABLE access_key_owners (
    access_key {key} PRIMARY KEY,
    account {key} NOT NULL,
    owner {key} NOT NULL
);
