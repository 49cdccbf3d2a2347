-- The audit: who changed what. Triggers write it in the transaction of the change itself, so that there is no change without an
-- entry; who did it is what that transaction says in the setting `trestle.actor`: a kind and, where known, an account.
--
-- Entries hold ids, names of columns and words of fixed vocabularies, and nothing personal: it outlives the people in it.
--
-- Soon after, entries are sealed in a row, each with a hash over itself and the one before (a hash chain, as in Haber and Stornetta,
-- "How to Time-Stamp a Digital Document", 1991). Sealing apart keeps writers from waiting for one another.
create schema audit;

create table audit.entries (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- `nobody` is not signed in: somebody with a mailed link. `operator` sits at the machine.
  actor text not null check (actor in ('guest', 'staff', 'admin', 'nobody', 'operator', 'system')),
  -- No reference, since it stays when the account goes.
  account_id uuid,
  venue_id uuid,
  subject text not null,
  subject_id uuid not null,
  action text not null,
  detail jsonb not null default '{}',
  seq bigint constraint entries_one_per_place unique,
  hash bytea check (length(hash) = 32),
  constraint entries_sealed_whole check ((seq is null) = (hash is null))
);
create index entries_unsealed on audit.entries (id) where seq is null;
create index entries_by_venue on audit.entries (venue_id, at, id) where venue_id is not null;

create function audit.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is not rewritten' using errcode = 'insufficient_privilege';
end
$$;
create trigger entries_stay before delete on audit.entries for each row execute function audit.refuse();
create trigger entries_all_stay before truncate on audit.entries for each statement execute function audit.refuse();
create trigger entries_are_sealed_once before update on audit.entries for each row
  when (old.seq is not null
    or (new.id, new.at, new.actor, new.account_id, new.venue_id, new.subject, new.subject_id, new.action, new.detail)
      is distinct from (old.id, old.at, old.actor, old.account_id, old.venue_id, old.subject, old.subject_id, old.action, old.detail))
  execute function audit.refuse();

-- Who is at work in this transaction.
create function audit.actor(out kind text, out account uuid) language plpgsql stable as $$
declare
  actor text := coalesce(nullif(current_setting('trestle.actor', true), ''), 'system');
begin
  kind := split_part(actor, ' ', 1);
  account := nullif(split_part(actor, ' ', 2), '')::uuid;
end
$$;

-- Notes a change of a row. Arguments: what it is; the column that names it; the column of its venue, or nothing; the columns whose
-- values are written down; the columns whose changes are not worth an entry.
create function audit.note() returns trigger language plpgsql as $$
declare
  was jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  is_now jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  facts jsonb := was || is_now;
  author record := audit.actor();
  changed text[];
  detail jsonb;
begin
  select coalesce(jsonb_object_agg(name, facts -> name), '{}') into detail
  from unnest(string_to_array(nullif(tg_argv[3], ''), ',')) as name;
  if tg_op = 'UPDATE' then
    select array_agg(name order by name) into changed from jsonb_object_keys(is_now) as name
    where was -> name is distinct from is_now -> name and name <> all (string_to_array(tg_argv[4], ','));
    if changed is null then
      return null;
    end if;
    detail := detail || jsonb_build_object('changed', changed);
  end if;
  insert into audit.entries (actor, account_id, venue_id, subject, subject_id, action, detail)
  values (author.kind, author.account, (facts ->> nullif(tg_argv[2], ''))::uuid, tg_argv[0], (facts ->> tg_argv[1])::uuid,
    case tg_op when 'INSERT' then 'made' when 'UPDATE' then 'changed' else 'removed' end, detail);
  return null;
end
$$;

create trigger accounts_audited after insert or update or delete on accounts
  for each row execute function audit.note('account', 'id', '', '', '');
-- Old sessions are thrown away in time, and nobody need hear of it.
create trigger sessions_audited after insert or update on sessions
  for each row execute function audit.note('session', 'id', '', 'account_id', 'last_used_at');
create trigger staff_roles_audited after insert or update or delete on staff_roles
  for each row execute function audit.note('staff', 'id', 'venue_id', 'account_id,role', 'since');
create trigger staff_invitations_audited after insert or update or delete on staff_invitations
  for each row execute function audit.note('invitation', 'id', 'venue_id', 'role', 'since');

-- Whatever happens to a booking is an event already.
create function audit.note_events() returns trigger language plpgsql as $$
begin
  insert into audit.entries (at, actor, account_id, venue_id, subject, subject_id, action, detail)
  select e.at, e.actor, (audit.actor()).account, r.venue_id, 'reservation', e.reservation_id, e.kind, e.detail || jsonb_build_object('rev', e.rev)
  from made e join reservations r on r.id = e.reservation_id order by e.at, e.reservation_id, e.rev;
  return null;
end
$$;
create trigger reservation_events_audited after insert on reservation_events
  referencing new table as made for each statement execute function audit.note_events();

-- An entry as text, in the one spelling that is hashed.
create function audit.spelled(entry audit.entries, seq bigint) returns text
  language sql stable
  return jsonb_build_array(seq, entry.id, (extract(epoch from entry.at) * 1000000)::bigint, entry.actor, entry.account_id, entry.venue_id,
    entry.subject, entry.subject_id, entry.action, entry.detail)::text;

-- Seals up to so many entries, unless somebody else is at it. Answers how many, and where the row ends now.
create function audit.seal(most integer, out sealed integer, out head bigint, out hash bytea) language plpgsql as $$
#variable_conflict use_column
declare
  entry audit.entries;
begin
  sealed := 0;
  if not pg_try_advisory_xact_lock(hashtextextended('audit seal', 0)) then
    return;
  end if;
  select e.seq, e.hash into head, hash from audit.entries e where e.seq is not null order by e.seq desc limit 1;
  head := coalesce(head, 0);
  hash := coalesce(hash, '');
  for entry in select (e).* from audit.entries e where e.seq is null order by e.id limit most loop
    head := head + 1;
    hash := sha256(hash || convert_to(audit.spelled(entry, head), 'UTF8'));
    update audit.entries e set seq = head, hash = seal.hash where e.id = entry.id;
    sealed := sealed + 1;
  end loop;
end
$$;
