-- What a pool chose as its issuer stands beside its settings, for those who read no settings.

ALTER TABLE pools ADD COLUMN issuer TEXT;
ALTER TABLE pools ADD COLUMN issuer_updated BOOLEAN NOT NULL DEFAULT FALSE;
