-- Who runs the platform, and who works where: also people who have no account yet.
alter table accounts add column admin_since timestamptz;

alter table staff_roles
  add column id uuid not null default gen_random_uuid() constraint staff_roles_have_an_id unique,
  add column since timestamptz not null default now();
alter table staff_roles alter column id drop default, alter column since drop default;
create index staff_roles_by_venue on staff_roles (venue_id);

-- Becomes a role once somebody has confirmed the address.
create table staff_invitations (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  email text not null check (email = lower(email)),
  role text not null check (role in ('host', 'manager', 'owner')),
  since timestamptz not null,
  constraint staff_invitations_one_each unique (venue_id, email)
);
create index staff_invitations_by_email on staff_invitations (email);
