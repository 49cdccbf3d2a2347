-- What must reach the world after a commit, and the answers that a repeated request gets.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null check (topic in ('mail')),
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  -- Not to be tried before this instant; also the lease of the worker that has it.
  available_at timestamptz not null default clock_timestamp(),
  attempts smallint not null default 0,
  last_error text,
  done_at timestamptz,
  dead_at timestamptz
);
create index outbox_pending on outbox (available_at) where done_at is null and dead_at is null;

create table idempotency_keys (
  scope text not null,
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  answer jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (scope, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
