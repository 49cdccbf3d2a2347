-- Whoever takes everything along takes what the audit says they did.
create index entries_by_account on audit.entries (account_id, at, id) where account_id is not null;
