-- Where people are signed in, and the links that are mailed to them. What is stored of a token is its hash.
alter table accounts add column email_confirmed_at timestamptz;
-- Those that exist were made by whoever runs the house.
update accounts set email_confirmed_at = created_at;

create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  device text not null check (length(device) between 1 and 80),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  -- By the clock of the database, since every process looks for what ended lately.
  ended_at timestamptz
);
create index sessions_live on sessions (account_id, last_used_at) where ended_at is null;
create index sessions_by_end on sessions (ended_at) where ended_at is not null;

-- Each is good once; all of one session are one family.
create table refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  issued_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_by_session on refresh_tokens (session_id);

create table mailed_tokens (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  purpose text not null check (purpose in ('confirm', 'reset')),
  -- The address that the link went to.
  email text not null check (email = lower(email)),
  hash bytea not null check (length(hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index mailed_tokens_by_account on mailed_tokens (account_id);

-- However an account is disabled, all its sessions end with it.
create function end_sessions_of_disabled() returns trigger language plpgsql as $$
begin
  update sessions set ended_at = clock_timestamp() where account_id = new.id and ended_at is null;
  return null;
end
$$;

create trigger accounts_disabling_ends_sessions after update of disabled_at on accounts
  for each row when (new.disabled_at is not null) execute function end_sessions_of_disabled();
