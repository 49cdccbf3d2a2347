-- What a guest would otherwise write into every booking, and which letters they want besides those that confirm one.
alter table accounts
  add column phone text,
  add column needs text[] not null default '{}',
  add column notes text not null default '' check (length(notes) <= 500),
  add column letters text[] not null default '{changed,late,cancelled}',
  -- Since when only this row is left of somebody, so that what refers to it still can.
  add column erased_at timestamptz,
  add constraint accounts_erased_is_empty check (
    erased_at is null
    or (disabled_at is not null and email_confirmed_at is null and phone is null and needs = '{}' and notes = '' and letters = '{}'));
