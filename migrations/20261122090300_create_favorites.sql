-- The venues that somebody wants to find again.
create table favorites (
  account_id uuid not null references accounts on delete cascade,
  venue_id uuid not null references venues on delete cascade,
  created_at timestamptz not null,
  primary key (account_id, venue_id)
);
create index favorites_by_age on favorites (account_id, created_at, venue_id);

-- An account that may still do something has at most so many. One after the other, or two could both be the last.
create function favorites_are_few() returns trigger language plpgsql as $$
begin
  perform from accounts a where a.id = new.account_id and a.disabled_at is null for no key update;
  if not found then
    raise exception 'the account is closed' using errcode = 'check_violation', constraint = 'favorites_of_an_open_account';
  end if;
  if (select count(*) from favorites f where f.account_id = new.account_id and f.venue_id <> new.venue_id) >= 500 then
    raise exception 'there are enough' using errcode = 'check_violation', constraint = 'favorites_at_most_500';
  end if;
  return new;
end
$$;

create trigger favorites_stay_few before insert on favorites for each row execute function favorites_are_few();
