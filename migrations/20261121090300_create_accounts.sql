-- People who sign in, and the rooms they work in.
create table accounts (
  id uuid primary key,
  email text not null constraint accounts_email_is_taken unique check (email = lower(email)),
  name text not null check (length(name) between 1 and 80),
  -- argon2id, in PHC string format.
  password_hash text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create table staff_roles (
  account_id uuid not null references accounts on delete cascade,
  venue_id uuid not null references venues on delete cascade,
  role text not null check (role in ('host', 'manager', 'owner')),
  primary key (account_id, venue_id)
);
